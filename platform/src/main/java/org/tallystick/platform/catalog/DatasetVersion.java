package org.tallystick.platform.catalog;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;

/**
 * A published version of a dataset.
 *
 * @param root names it everywhere
 * @param members how many works
 * @param bytes of all works together
 * @param creators how many different ones
 * @param position of its entry in the log
 */
public record DatasetVersion(
        Hash root,
        DatasetId dataset,
        PartyId curator,
        String title,
        String description,
        int members,
        long bytes,
        int creators,
        Instant published,
        long position) {
    public DatasetVersion {
        Objects.requireNonNull(root);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(curator);
        Objects.requireNonNull(published);
        if (members < 1 || creators < 1 || creators > members || bytes < 0) {
            throw new IllegalArgumentException(members + " works of " + creators + " creators, " + bytes + " bytes");
        }
    }
}
