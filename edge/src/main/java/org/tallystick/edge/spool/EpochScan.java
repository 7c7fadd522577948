package org.tallystick.edge.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.LeafReader;
import org.tallystick.protocol.sign.Verifier;

/**
 * Reads all segments of one epoch from first to last and says what stands there: how far it is whole, which numbers are
 * missing, what is damaged. Used to recover and to inspect, so that both judge alike. One use per object.
 */
public final class EpochScan {
    /** What a full check of every batch needs. */
    public record Proof(EdgeCertificate certificate, Verifier verifier) {}

    /** Bytes that are not what was written. */
    public record Flaw(Path file, long offset, String reason) {}

    /** Sequence numbers no batch carries, both ends included. */
    public record Gap(long from, long to) {}

    /** A segment as found; {@code end} is where its last whole frame ends. */
    record Found(Path file, long first, long last, int end, int size) {}

    private final int edge;
    private final int epoch;
    private final long acknowledged;
    private final Optional<Proof> proof;

    private final List<Found> segments = new ArrayList<>();
    private final List<Flaw> flaws = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<Path> headless = new ArrayList<>();
    private final QuotaCounts quotas = new QuotaCounts();

    private Optional<Hash> previous = Optional.empty();
    private long last;
    private long wholeUntil;
    private long batches;
    private long leaves;
    private long unacknowledged;
    private long bytes;
    private long tornBytes;

    private EpochScan(int edge, int epoch, long acknowledged, Optional<Proof> proof) {
        this.edge = edge;
        this.epoch = epoch;
        this.acknowledged = acknowledged;
        this.proof = proof;
    }

    /**
     * Reads the segments, which must be in order of their first sequence number.
     *
     * @param acknowledged last sequence number known to be with the platform
     * @param proof checks every root and signature too, where present
     */
    public static EpochScan of(int edge, int epoch, List<Path> files, long acknowledged, Optional<Proof> proof)
            throws IOException {
        EpochScan scan = new EpochScan(edge, epoch, acknowledged, proof);
        for (int i = 0; i < files.size(); i++) {
            scan.segment(files.get(i), i == files.size() - 1);
        }
        return scan;
    }

    private void segment(Path file, boolean newest) throws IOException {
        byte[] data = Files.readAllBytes(file);
        if (!SegmentFormat.Head.isAt(data)) {
            boolean empty = data.length < SegmentFormat.HEAD || data[0] == 0;
            if (empty && (newest || previous.isPresent())) {
                headless.add(file); // never came into use: had it, the next batch would not follow the last
            } else {
                flaw(file, 0, "segment/head");
            }
            return;
        }
        SegmentFormat.Head head = SegmentFormat.Head.decode(data);
        if (head.edge() != edge || head.epoch() != epoch) {
            flaw(file, 0, "segment/wrong-epoch");
            return;
        }
        if (segments.isEmpty()) {
            previous = Optional.of(head.previous());
            last = head.first() - 1;
            wholeUntil = flaws.isEmpty() ? last : 0;
        }
        quotas.clear();
        long first = last + 1;
        int end = frames(file, data, newest);
        segments.add(new Found(file, first, last, end, data.length));
    }

    /** Answers where the last whole frame ends. */
    private int frames(Path file, byte[] data, boolean newest) {
        Frames frames = new Frames(data, SegmentFormat.HEAD, data.length);
        int end = SegmentFormat.HEAD;
        while (true) {
            switch (frames.advance()) {
                case END -> {
                    return end;
                }
                case FRAME -> {
                    frame(file, data, frames);
                    end = frames.frameEnd();
                }
                case TORN -> {
                    if (newest) {
                        tornBytes = data.length - (long) end;
                    } else {
                        flaw(file, frames.at(), "segment/cut-short");
                    }
                    return end;
                }
                case DAMAGED -> flaw(file, frames.at(), "batch/checksum");
                case LOST -> {
                    flaw(file, frames.at(), "segment/frame");
                    return end;
                }
            }
        }
    }

    private void frame(Path file, byte[] data, Frames frames) {
        if (!frames.isBatch()) {
            declared(file, data, frames);
            return;
        }
        try {
            Batch batch = Batch.decode(data, frames.payload());
            if (batch.length() != frames.length()) {
                throw new MalformedException("batch/length", "the batch does not fill its frame");
            }
            check(batch);
            follow(batch.header());
            if (quotas.isCounting()) {
                count(batch.reader());
            }
        } catch (MalformedException e) {
            flaw(file, frames.at(), e.reason());
        }
    }

    private void declared(Path file, byte[] data, Frames frames) {
        try {
            if (frames.isSets()) {
                quotas.declareSets(SegmentFormat.declarations(data, frames.payload(), frames.length()));
            } else {
                quotas.declareCounts(data, frames.payload(), frames.length());
            }
        } catch (MalformedException e) {
            flaw(file, frames.at(), e.reason());
        }
    }

    private void check(Batch batch) {
        BatchHeader header = batch.header();
        if (header.edge() != edge || header.epoch() != epoch) {
            throw new MalformedException("batch/wrong-epoch", "the batch belongs to another epoch");
        }
        if (header.first() <= last) {
            throw new MalformedException("batch/not-ascending", "the batch's numbers have been used before");
        }
        if (previous.isPresent() && !previous.get().equals(header.previous())) {
            throw new MalformedException("batch/chain", "the batch does not follow the one before it");
        }
        if (proof.isPresent()) {
            batch.check();
            batch.signed().verify(proof.get().certificate(), proof.get().verifier());
        }
    }

    private void follow(BatchHeader header) {
        if (header.first() > last + 1) {
            gaps.add(new Gap(last + 1, header.first() - 1));
        }
        last = header.last();
        previous = Optional.of(header.hash());
        batches++;
        leaves += header.count();
        unacknowledged += Math.max(0, header.last() - Math.max(header.first() - 1, acknowledged));
        bytes += Batch.length(header.form(), header.count());
        if (flaws.isEmpty()) {
            wholeUntil = last;
        }
    }

    private void count(LeafReader reader) {
        while (reader.hasNext()) {
            reader.next();
            quotas.count(reader);
        }
    }

    private void flaw(Path file, long offset, String reason) {
        flaws.add(new Flaw(file, offset, reason));
        previous = Optional.empty();
    }

    List<Found> segments() {
        return segments;
    }

    public List<Flaw> flaws() {
        return flaws;
    }

    public List<Gap> gaps() {
        return gaps;
    }

    /** Files without a head: no batch in them was ever sealed. */
    List<Path> headless() {
        return headless;
    }

    /** Hash of the last header, unless damage hides it. */
    Optional<Hash> previous() {
        return previous;
    }

    /** The last sequence number found. */
    public long last() {
        return last;
    }

    /** The last sequence number before any damage. */
    long wholeUntil() {
        return wholeUntil;
    }

    public long batches() {
        return batches;
    }

    public long leaves() {
        return leaves;
    }

    /** Leaves the platform is not known to have. */
    public long unacknowledged() {
        return unacknowledged;
    }

    /** Bytes of all batches found. */
    long bytes() {
        return bytes;
    }

    /** Bytes of a last batch that a crash cut short; no receipt of it was handed out. */
    public long tornBytes() {
        return tornBytes;
    }

    /** What had been delivered under quotas by the end of the newest segment. */
    QuotaCounts quotas() {
        return quotas;
    }
}
