package org.tallystick.edge.spool;

import java.util.concurrent.atomic.AtomicLong;

/** How much is sealed and not yet acknowledged, over all epochs. Safe from any thread. */
public final class Backlog {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong leaves = new AtomicLong();

    void add(long moreBytes, long moreLeaves) {
        bytes.addAndGet(moreBytes);
        leaves.addAndGet(moreLeaves);
    }

    void remove(long fewerBytes, long fewerLeaves) {
        add(-fewerBytes, -fewerLeaves);
    }

    /** Bytes of batches. */
    public long bytes() {
        return bytes.get();
    }

    public long leaves() {
        return leaves.get();
    }
}
