package org.tallystick.edge.serving;

import java.io.IOException;
import java.io.InputStream;

/** The OpenAPI document of what an edge answers, as it lies in {@code resources/openapi}. Read once. */
final class ApiDocument {
    static final String TYPE = "application/yaml";

    private static final String RESOURCE = "/openapi/edge.yaml";
    private static final byte[] DOCUMENT = read();

    private ApiDocument() {}

    /** UTF-8; the array must not be written. */
    static byte[] document() {
        return DOCUMENT;
    }

    private static byte[] read() {
        try (InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE + " cannot be read", e);
        }
    }
}
