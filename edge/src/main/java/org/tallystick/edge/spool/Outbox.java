package org.tallystick.edge.spool;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;

/**
 * Hands an epoch's batches to the shipper in order and deletes them once they are acknowledged. Reads them back from
 * disk and checks each against its root first: what is damaged blocks the epoch and is reported, never shipped. Used by
 * the shipper's thread, but for {@link #blocked} and {@link #acknowledged}.
 */
public final class Outbox {
    /** Most bytes of batches handed over together; enough for any one batch. */
    public static final int BUNDLE_BYTES = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final Disk disk;
    private final AcknowledgedFile acknowledgedFile;
    private final int epoch;
    private final ConcurrentLinkedDeque<Segment> segments;
    private final Backlog backlog;

    private final ArrayDeque<Path> deletable = new ArrayDeque<>();
    private long offset = SegmentFormat.HEAD;
    private volatile long acknowledged;
    private long noted;
    private long shippableUntil = Long.MAX_VALUE;
    private volatile Optional<String> blocked = Optional.empty();
    private boolean broken;
    private boolean halted;

    Outbox(
            AcknowledgedFile acknowledgedFile,
            Disk disk,
            int epoch,
            ConcurrentLinkedDeque<Segment> segments,
            Backlog backlog) {
        this.acknowledgedFile = acknowledgedFile;
        this.disk = disk;
        this.epoch = epoch;
        this.segments = segments;
        this.backlog = backlog;
    }

    /** A batch that lies in the spool: where its frame ends, and what it holds. */
    private record Placed(Segment segment, long end, long last, int bytes, int leaves) {}

    /** Batches to ship together. */
    public static final class Bundle {
        private final List<Placed> batches = new ArrayList<>();
        private byte[] body = new byte[0];

        /** The batches one after another. */
        public byte[] body() {
            return body;
        }

        /** Sequence number of the first leaf. */
        public long first() {
            return BatchHeader.decode(body, 0).first();
        }

        /** Sequence number of the last leaf. */
        public long last() {
            return batches.getLast().last();
        }
    }

    /**
     * Skips what was acknowledged before the last stop.
     *
     * @param wholeUntil last sequence number before any damage
     */
    void recover(long wholeUntil) throws IOException {
        if (blocked.isPresent()) {
            shippableUntil = wholeUntil;
            broken = true;
        }
        long known = acknowledgedFile.read();
        noted = known;
        if (known > 0) {
            acknowledge(known);
        }
    }

    /**
     * The next batches in order.
     *
     * @param maxBytes most bytes together, enough for any one batch
     * @return nothing where all has been acknowledged or the rest is blocked
     */
    public Optional<Bundle> next(int maxBytes) throws IOException {
        Bundle bundle = new Bundle();
        if (halted) {
            return Optional.empty();
        }
        ByteBuffer body = ByteBuffer.allocate(sizeOfNext(maxBytes));
        long from = offset;
        for (Segment segment : segments) {
            boolean finished = segment != segments.getLast(); // asked before its length is read, which is then final
            if (!fill(bundle, body, segment, from) || !finished) {
                break;
            }
            from = SegmentFormat.HEAD;
        }
        bundle.body = Arrays.copyOf(body.array(), body.position());
        return bundle.batches.isEmpty() ? Optional.empty() : Optional.of(bundle);
    }

    private int sizeOfNext(int maxBytes) {
        long waiting = -offset;
        for (Segment segment : segments) {
            waiting += segment.length();
            if (waiting > maxBytes) {
                return maxBytes;
            }
        }
        return (int) Math.max(0, waiting);
    }

    /** Adds whole batches while there is room; answers whether the segment was read to its end. */
    private boolean fill(Bundle bundle, ByteBuffer body, Segment segment, long from) throws IOException {
        byte[] data = read(segment, from);
        Frames frames = new Frames(data, 0, data.length);
        while (true) {
            switch (frames.advance()) {
                case END -> {
                    return true;
                }
                case TORN, DAMAGED, LOST -> {
                    damaged(segment, from + frames.at(), "bytes");
                    return false;
                }
                case FRAME -> {
                    if (frames.isBatch() && !add(bundle, body, segment, from, data, frames)) {
                        return false;
                    }
                }
            }
        }
    }

    private boolean add(Bundle bundle, ByteBuffer body, Segment segment, long from, byte[] data, Frames frames) {
        if (frames.length() > body.remaining()) {
            return false;
        }
        try {
            Batch batch = Batch.decode(data, frames.payload());
            if (batch.header().last() > shippableUntil) {
                return false;
            }
            batch.check();
            body.put(data, frames.payload(), frames.length());
            int leaves = batch.header().count();
            bundle.batches.add(
                    new Placed(segment, from + frames.frameEnd(), batch.header().last(), frames.length(), leaves));
            return true;
        } catch (MalformedException e) {
            damaged(segment, from + frames.at(), e.reason());
            return false;
        }
    }

    private void damaged(Segment segment, long at, String reason) {
        block(segment.file().getFileName() + " is damaged at " + at + " (" + reason + ")");
        broken = true;
    }

    private static byte[] read(Segment segment, long from) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(segment.length() - from));
        try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
            while (data.hasRemaining()) {
                if (channel.read(data, from + data.position()) < 0) {
                    throw new EOFException(segment.file() + " is shorter than what was synced");
                }
            }
        }
        return data.array();
    }

    /** Notes that the platform has the batches of a bundle up to a sequence number; they may be deleted. */
    public void acknowledge(Bundle bundle, long sequence) throws IOException {
        for (Placed placed : bundle.batches) {
            if (placed.last() > sequence) {
                break;
            }
            moveTo(placed);
        }
        if (sequence > bundle.last()) {
            acknowledge(sequence);
        }
        acknowledged = Math.max(acknowledged, sequence);
        dropFinished();
    }

    /** Notes that the platform has all batches up to a sequence number, which are found by reading forward. */
    void acknowledge(long sequence) throws IOException {
        boolean more = true;
        while (more) {
            more = false;
            Optional<Bundle> bundle = next(BUNDLE_BYTES);
            if (bundle.isPresent() && bundle.get().batches.getFirst().last() <= sequence) {
                for (Placed placed : bundle.get().batches) {
                    more = placed.last() <= sequence;
                    if (!more) {
                        break;
                    }
                    moveTo(placed);
                }
            }
        }
        acknowledged = Math.max(acknowledged, sequence);
        dropFinished();
    }

    private void moveTo(Placed placed) {
        while (segments.getFirst() != placed.segment()) {
            deletable.addLast(segments.removeFirst().file());
        }
        offset = placed.end();
        backlog.remove(placed.bytes(), placed.leaves());
    }

    private void dropFinished() throws IOException {
        while (segments.size() > 1 && offset >= segments.getFirst().length()) {
            deletable.addLast(segments.removeFirst().file());
            offset = SegmentFormat.HEAD;
        }
        boolean deleted = !deletable.isEmpty();
        while (!deletable.isEmpty()) { // in order: a later file without an earlier one would look like damage
            disk.delete(deletable.getFirst());
            deletable.removeFirst();
        }
        if (deleted) { // afterwards: on a full disk there is room for it only now
            note();
        }
    }

    /**
     * Goes to where the platform says it stands.
     *
     * @param expected first sequence number of the batch it wants next
     * @return whether that batch is still here
     */
    public boolean resync(long expected) throws IOException {
        if (segments.isEmpty()) {
            return false;
        }
        Segment first = segments.getFirst();
        byte[] data = read(first, SegmentFormat.HEAD);
        Frames frames = new Frames(data, 0, data.length);
        long found = -1;
        while (frames.advance() == Frames.Next.FRAME) {
            long end = SegmentFormat.HEAD + (long) frames.frameEnd();
            if (end > offset) {
                break;
            }
            if (!frames.isBatch()) {
                continue;
            }
            BatchHeader header = BatchHeader.decode(data, frames.payload());
            if (found < 0 && header.first() == expected) {
                found = SegmentFormat.HEAD + (long) frames.at();
            }
            if (found >= 0) {
                backlog.add(frames.length(), header.count());
            }
        }
        if (found >= 0) {
            offset = found;
            acknowledged = expected - 1;
            return true;
        }
        acknowledge(expected - 1);
        Optional<Bundle> next = next(BUNDLE_BYTES);
        return next.isPresent() ? next.get().first() == expected : acknowledged == expected - 1;
    }

    /** Blocks the epoch for good: nothing more of it is shipped. */
    public void halt(String why) {
        block(why);
        halted = true;
    }

    /** Blocks the epoch: one of its batches cannot be shipped, so nothing more may be added after it. */
    public void block(String why) {
        if (blocked.isEmpty()) {
            LOG.error("epoch {} is blocked: {}", epoch, why);
            blocked = Optional.of(why);
        }
    }

    /** Lifts a block once the platform has taken what it refused before. Does not lift one because of damage. */
    public void unblock() {
        if (!halted && !broken) {
            blocked = Optional.empty();
        }
    }

    /** Why the epoch is blocked; empty where it is not. */
    Optional<String> blocked() {
        return blocked;
    }

    /** The last sequence number the platform has confirmed. */
    long acknowledged() {
        return acknowledged;
    }

    /** Writes down how far the platform has confirmed, so that less is shipped again after a restart. */
    public void note() throws IOException {
        if (acknowledged != noted) {
            acknowledgedFile.write(acknowledged);
            noted = acknowledged;
        }
    }

    /** Deletes the note of how far the platform has confirmed, once the epoch's batches are deleted. */
    void forget() throws IOException {
        acknowledgedFile.delete();
    }

    void close() throws IOException {
        note();
    }
}
