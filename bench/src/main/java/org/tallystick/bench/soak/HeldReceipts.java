package org.tallystick.bench.soak;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.tallystick.bench.sim.Violation;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.tree.MerkleTree;

/** The receipts that the buyer holds and that have not been found in the log yet. Safe from any thread. */
final class HeldReceipts {
    private final ConcurrentMap<Place, Hash> leaves = new ConcurrentHashMap<>();
    private final AtomicLong jobs = new AtomicLong();

    /** One sequence number of an edge. */
    record Place(int edge, int epoch, long sequence) {
        static Place of(Leaf leaf) {
            return new Place(leaf.edge(), leaf.epoch(), leaf.sequence());
        }
    }

    /**
     * Adds a verified receipt.
     *
     * @throws org.tallystick.bench.sim.Violation where its number was given out before
     */
    void add(Leaf leaf) {
        if (leaves.putIfAbsent(Place.of(leaf), hash(leaf)) != null) {
            throw new Violation("two receipts under the number " + leaf.receiptId());
        }
    }

    /** Counts a job that has a receipt for every work. */
    void jobDone() {
        jobs.incrementAndGet();
    }

    /** How many jobs there were. */
    long jobs() {
        return jobs.get();
    }

    /** How many receipts the log has not shown yet. */
    int size() {
        return leaves.size();
    }

    /** Removes the receipt of a leaf found in the log. The leaf must be the one that was handed out. */
    void found(Leaf leaf) {
        Hash given = leaves.remove(Place.of(leaf));
        if (given != null && !given.equals(hash(leaf))) {
            throw new Violation("the log shows another leaf than was handed out as " + leaf.receiptId());
        }
    }

    /** A receipt the log has not shown, if there is one. */
    Optional<Place> any() {
        return leaves.keySet().stream().findFirst();
    }

    private static Hash hash(Leaf leaf) {
        return MerkleTree.leafHash(leaf.encode());
    }
}
