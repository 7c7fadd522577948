package org.tallystick.platform.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.Verifier;

/**
 * A bundle as it arrived, taken apart: some batches of one edge and epoch, each following the one before by number and
 * by hash. {@link #prove} is the costly part, done by all cores and outside the sequencer. Immutable.
 */
final class ShippedBundle {
    private final byte[] bytes;
    private final List<Batch> batches;
    private final int[] offsets;

    private ShippedBundle(byte[] bytes, List<Batch> batches) {
        this.bytes = bytes;
        this.batches = List.copyOf(batches);
        this.offsets = new int[batches.size()];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + batches.get(i - 1).length();
        }
    }

    /**
     * Takes a bundle apart.
     *
     * @param bytes not changed afterwards
     * @throws MalformedException {@code bundle/empty}, {@code batch/…} for its form; {@code delivery/mixed-edges},
     *     {@code delivery/mixed-epochs}, {@code delivery/not-dense}, {@code delivery/chain} for how its batches follow
     */
    static ShippedBundle read(byte[] bytes) {
        List<Batch> batches = Batch.decodeAll(bytes);
        for (int i = 1; i < batches.size(); i++) {
            checkFollows(batches.get(i - 1).header(), batches.get(i).header(), i);
        }
        return new ShippedBundle(bytes, batches);
    }

    private static void checkFollows(BatchHeader before, BatchHeader header, int index) {
        if (header.edge() != before.edge()) {
            throw new MalformedException("delivery/mixed-edges", "batch " + index + " is of another edge");
        }
        if (header.epoch() != before.epoch()) {
            throw new MalformedException("delivery/mixed-epochs", "batch " + index + " is of another epoch");
        }
        if (header.first() <= before.last()) {
            throw new MalformedException(
                    "delivery/not-dense",
                    "batch " + index + " begins at " + header.first() + ", the one before ends at " + before.last());
        }
        if (!header.previous().equals(before.hash())) {
            throw new MalformedException(
                    "delivery/chain", "batch " + index + " does not name the one before as its previous");
        }
    }

    int edge() {
        return first().edge();
    }

    int epoch() {
        return first().epoch();
    }

    BatchHeader first() {
        return batches.getFirst().header();
    }

    BatchHeader last() {
        return batches.getLast().header();
    }

    List<Batch> batches() {
        return batches;
    }

    int offset(int index) {
        return offsets[index];
    }

    /**
     * Recomputes everything from the bytes and checks every signature, on all cores.
     *
     * @param latest no leaf may be later than this
     * @throws MalformedException the reason of the first batch that fails: {@code batch/…}, {@code leaf/…}, {@code
     *     delivery/future-dated}
     */
    void prove(EdgeCertificate certificate, Instant latest, Verifier verifier) {
        IntStream indexes = IntStream.range(0, batches.size());
        Optional<MalformedException> failed = (batches.size() > 1 ? indexes.parallel() : indexes)
                .mapToObj(i -> failure(batches.get(i), certificate, latest, verifier))
                .flatMap(Optional::stream)
                .findFirst();
        if (failed.isPresent()) {
            throw failed.get();
        }
    }

    private static Optional<MalformedException> failure(
            Batch batch, EdgeCertificate certificate, Instant latest, Verifier verifier) {
        try {
            batch.signed().verify(certificate, verifier);
            batch.check();
            if (batch.header().maxTime() > latest.toEpochMilli()) {
                throw new MalformedException(
                        "delivery/future-dated",
                        "batch " + batch.header().first() + " has a leaf dated "
                                + Instant.ofEpochMilli(batch.header().maxTime()));
            }
            return Optional.empty();
        } catch (MalformedException e) {
            return Optional.of(e);
        }
    }

    /** How many batches from the first on end before a sequence number. */
    int endingBefore(long sequence) {
        int count = 0;
        while (count < batches.size() && batches.get(count).header().last() < sequence) {
            count++;
        }
        return count;
    }

    /** The bundle without its first batches. */
    ShippedBundle from(int index) {
        if (index == 0) {
            return this;
        }
        byte[] rest = Arrays.copyOfRange(bytes, offsets[index], bytes.length);
        List<Batch> moved = new ArrayList<>();
        for (int at = 0; at < rest.length; at += moved.getLast().length()) {
            moved.add(Batch.decode(rest, at));
        }
        return new ShippedBundle(rest, moved);
    }

    /** All its bytes; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** What the next batch of the epoch must name as its previous. */
    Hash lastHash() {
        return last().hash();
    }
}
