package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/**
 * A stored manifest.
 *
 * @param document the completed manifest; its canonical form hashes to the id
 */
public record Manifest(String id, Json.Obj document, UploadReceipt receipt) {
    static Manifest of(Fields fields) {
        return new Manifest(
                fields.text("manifest_id"),
                fields.fields("manifest").object(),
                UploadReceipt.of(fields.fields("receipt")));
    }
}
