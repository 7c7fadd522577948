package org.tallystick.platform.metering.fold;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.receipt.LeafReader;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseTable;

/**
 * Which release keys open the works of one job order. A work has one key, so once one has opened it, every later delivery is
 * compared with that one and hashed no more; the answer for a leaf is the same whatever came before it. Not thread-safe.
 */
public final class Releases {
    private final ReleaseTable table;
    private final long ends;
    private final byte[] shown = new byte[ReleaseKey.LENGTH];
    private final long[] opened;

    Releases(ReleaseTable table, Instant ends) {
        this.table = Objects.requireNonNull(table);
        this.ends = ends.toEpochMilli();
        this.opened = new long[2 * table.works()];
    }

    /** First millisecond past the order. */
    long ends() {
        return ends;
    }

    /** Whether what stands in the place of the leaf's salt opens a work. */
    boolean opens(int ordinal, LeafReader leaf) {
        if (ordinal >= table.works()) {
            return false;
        }
        long first = leaf.saltPart(0);
        long second = leaf.saltPart(1);
        int at = 2 * ordinal;
        if ((opened[at] | opened[at + 1]) != 0) {
            return opened[at] == first && opened[at + 1] == second;
        }
        leaf.copySalt(shown, 0);
        boolean opens = table.opens(ordinal, shown, 0);
        if (opens) {
            opened[at] = first;
            opened[at + 1] = second;
        }
        return opens;
    }
}
