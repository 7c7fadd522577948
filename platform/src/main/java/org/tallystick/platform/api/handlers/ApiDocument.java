package org.tallystick.platform.api.handlers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The OpenAPI document, put together when the platform starts from the files in {@code resources/openapi}: {@code head}
 * (what the API is), one file for each room with its paths and the schemas only it uses, and {@code shared} (what several
 * rooms use). Each file is YAML by itself; joining them copies lines and changes none.
 */
public final class ApiDocument {
    /** The files of the rooms, in the order in which their paths are listed. Each is named like the tag of its operations. */
    public static final List<String> ROOMS = List.of(
            "meta",
            "parties",
            "ingest",
            "datasets",
            "contracts",
            "negotiations",
            "jobs",
            "edges",
            "usage",
            "gate",
            "money",
            "audit");

    private static final String PATHS = "paths:";
    private static final String COMPONENTS = "components:";
    private static final String SCHEMAS = "  schemas:";

    private ApiDocument() {}

    /** The whole document, UTF-8. */
    public static byte[] joined() {
        StringBuilder paths = new StringBuilder();
        StringBuilder schemas = new StringBuilder();
        for (String room : ROOMS) {
            List<String> lines = lines(room);
            int components = lines.indexOf(COMPONENTS);
            int end = components < 0 ? lines.size() : components;
            append(paths, lines.subList(after(room, lines, PATHS), end));
            if (components >= 0) {
                append(schemas, lines.subList(after(room, lines, SCHEMAS), lines.size()));
            }
        }
        StringBuilder all = new StringBuilder();
        append(all, lines("head"));
        all.append(PATHS).append('\n').append(paths);
        append(all, lines("shared"));
        return all.append(schemas).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The index of the line after a heading. */
    private static int after(String room, List<String> lines, String heading) {
        int at = lines.indexOf(heading);
        if (at < 0) {
            throw new IllegalStateException("openapi/" + room + ".yaml has no line \"" + heading + "\"");
        }
        return at + 1;
    }

    /** Adds lines and an empty one after them. */
    private static void append(StringBuilder text, List<String> lines) {
        lines.forEach(line -> text.append(line).append('\n'));
        text.append('\n');
    }

    private static List<String> lines(String name) {
        String resource = "/openapi/" + name + ".yaml";
        try (InputStream in = ApiDocument.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new IllegalStateException(resource + " cannot be read", e);
        }
    }
}
