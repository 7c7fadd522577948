package org.tallystick.sdk;

import java.time.Instant;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;

/**
 * An immutable version of a dataset.
 *
 * @param root names it for good
 * @param works how many it holds
 * @param bytes their total length
 */
public record DatasetVersion(
        String dataset,
        Hash root,
        String curator,
        String title,
        String description,
        long works,
        long bytes,
        Instant published) {
    static DatasetVersion of(Fields fields) {
        return new DatasetVersion(
                fields.text("dataset_id"),
                Hash.ofHex(fields.text("root")),
                fields.text("curator_id"),
                fields.text("title"),
                fields.text("description"),
                fields.integer("works", 0, Integer.MAX_VALUE),
                fields.integer("bytes", 0, Long.MAX_VALUE >> 11),
                fields.instant("published"));
    }
}
