package org.tallystick.edge.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.SignedHeader;

/**
 * The batches of one epoch on disk, from sealing to acknowledgement. An append either is durable when it returns or has
 * failed, and what failed is cut off before anything else is written, so that no batch stands there whose
 * receipts nobody has. The newest segment stays until the epoch is over, because the next batch names the hash of its
 * last header.
 *
 * <p>{@link #append} and {@link #close} belong to the sealer, {@link #outbox} to the shipper.
 */
public final class EpochSpool {
    private static final Logger LOG = LoggerFactory.getLogger(EpochSpool.class);
    /**
     * Zeros written ahead of the batches: a sync that does not change the file's length does not wait for the journal.
     */
    private static final ByteBuffer ROOM = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

    private static final int LARGEST_FRAME =
            SegmentFormat.FRAME + SignedHeader.LENGTH + BatchHeader.MAX_COUNT * Leaf.LENGTH + SegmentFormat.MARK;

    private final Disk disk;
    private final Path dir;
    private final int edge;
    private final int epoch;
    private final int segmentBytes;
    private final Backlog backlog;
    private final ConcurrentLinkedDeque<Segment> segments = new ConcurrentLinkedDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(LARGEST_FRAME);
    private final Outbox outbox;

    private Optional<Disk.DiskFile> active = Optional.empty();
    private Hash previous = BatchHeader.NONE;
    private volatile long last;
    private long roomUntil;
    private int setBytes; // what the active segment declares at its start, not counted in its length
    private boolean uncertain;
    private boolean closed;

    /** An epoch without batches. */
    EpochSpool(Disk disk, Path dir, int edge, int epoch, int segmentBytes, Backlog backlog) {
        this.disk = disk;
        this.dir = dir;
        this.edge = edge;
        this.epoch = epoch;
        this.segmentBytes = segmentBytes;
        this.backlog = backlog;
        this.outbox = new Outbox(new AcknowledgedFile(disk, dir, epoch), disk, epoch, segments, backlog);
    }

    /** Takes over what a scan found: cuts off a batch that was not written whole, counts what is to be shipped. */
    void recover(EpochScan scan) throws IOException {
        for (Path file : scan.headless()) {
            disk.delete(file);
        }
        for (EpochScan.Found found : scan.segments()) {
            segments.add(new Segment(found.file(), scan.flaws().isEmpty() ? found.end() : found.size()));
        }
        last = scan.last();
        previous = scan.previous().orElse(BatchHeader.NONE);
        backlog.add(scan.bytes(), scan.leaves());
        if (scan.tornBytes() > 0) {
            LOG.warn("epoch {}: {} bytes of a batch that was not written whole are cut off", epoch, scan.tornBytes());
        }
        if (!scan.flaws().isEmpty()) {
            EpochScan.Flaw flaw = scan.flaws().getFirst();
            outbox.block(flaw.file().getFileName() + " is damaged at " + flaw.offset() + " (" + flaw.reason() + ")");
        } else if (!segments.isEmpty()) {
            Segment newest = segments.getLast();
            Disk.DiskFile file = disk.open(newest.file());
            active = Optional.of(file);
            cutToLength(file);
            file.sync();
        }
        outbox.recover(scan.wholeUntil());
    }

    /**
     * Appends a batch and returns once it is durable.
     *
     * @param declarations what {@link Quotas#additions} says of the batch's deliveries
     * @throws IOException where it is not; the batch will not be found there later
     */
    public void append(BatchHeader header, byte[] signed, byte[] leaves, Quotas quotas, byte[] declarations)
            throws IOException {
        if (closed) {
            throw new IOException("epoch " + epoch + " is closed");
        }
        Disk.DiskFile file = writable(header.first(), quotas);
        Segment segment = segments.getLast();
        uncertain = true;
        long at = segment.length();
        if (declarations.length > 0) {
            at = write(file, ByteBuffer.wrap(SegmentFormat.sets(declarations)), at);
        }
        scratch.clear();
        SegmentFormat.putBatch(scratch, signed, leaves);
        at = write(file, scratch.flip(), at);
        makeRoom(file, at);
        file.sync();
        uncertain = false;
        previous = header.hash();
        last = header.last();
        backlog.add(Batch.length(header.form(), header.count()), header.count());
        segment.length(at);
    }

    /** Keeps zeros ahead of what is written, up to a segment's length; they end it as its end would. */
    private void makeRoom(Disk.DiskFile file, long at) throws IOException {
        if (at > roomUntil) {
            int length = Math.clamp((long) setBytes + segmentBytes - at, 0, ROOM.capacity());
            roomUntil = write(file, ROOM.duplicate().limit(length), at);
        }
    }

    private static long write(Disk.DiskFile file, ByteBuffer frame, long at) throws IOException {
        int length = frame.remaining();
        file.write(frame, at);
        return at + length;
    }

    /** The file to append to, after cutting off what a failed append may have left, or the next one. */
    private Disk.DiskFile writable(long first, Quotas quotas) throws IOException {
        if (active.isPresent() && uncertain) {
            cutToLength(active.get());
            active.get().sync();
            uncertain = false;
        }
        if (active.isPresent() && segments.getLast().length() - setBytes < segmentBytes) {
            return active.get();
        }
        return roll(first, quotas);
    }

    private Disk.DiskFile roll(long first, Quotas quotas) throws IOException {
        byte[] head = new SegmentFormat.Head(edge, epoch, first, previous).encode();
        byte[] declared = quotas.all();
        byte[] sets = declared.length > 0 ? SegmentFormat.sets(declared) : declared;
        ByteBuffer start = ByteBuffer.allocate(head.length + sets.length)
                .put(head)
                .put(sets)
                .flip();
        Path path = dir.resolve(Segment.name(epoch, first));
        Optional<Disk.DiskFile> opened = Optional.empty();
        try {
            Disk.DiskFile file = disk.open(path);
            opened = Optional.of(file);
            file.truncate(0);
            long length = write(file, start, 0);
            file.sync();
            closeActive();
            segments.addLast(new Segment(path, length));
            active = opened;
            roomUntil = length;
            setBytes = sets.length;
            return file;
        } catch (IOException e) {
            discard(path, opened, e);
            throw e;
        }
    }

    private void discard(Path path, Optional<Disk.DiskFile> opened, IOException because) {
        try {
            if (opened.isPresent()) {
                opened.get().close();
            }
            disk.delete(path);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private void closeActive() throws IOException {
        if (active.isPresent()) {
            Disk.DiskFile file = active.get();
            active = Optional.empty();
            try (file) {
                cutToLength(file);
            }
        }
    }

    private void cutToLength(Disk.DiskFile file) throws IOException {
        long length = segments.getLast().length();
        file.truncate(length);
        roomUntil = length;
    }

    public int epoch() {
        return epoch;
    }

    /** Hash of the last durable header, what the next one names. */
    public Hash previous() {
        return previous;
    }

    /** The last durable sequence number, 0 where there is none. */
    public long last() {
        return last;
    }

    /** What hands the batches to the shipper. */
    public Outbox outbox() {
        return outbox;
    }

    /** Whether new batches may be added: nothing is added to an epoch that is damaged or blocked. */
    public boolean isUsable() {
        return outbox.blocked().isEmpty();
    }

    /** Whether the platform has confirmed all of it. */
    boolean isFinished() {
        return isUsable() && outbox.acknowledged() >= last;
    }

    /** Deletes a finished epoch's files. */
    void drop() throws IOException {
        closed = true;
        closeActive();
        for (Segment segment : segments) {
            disk.delete(segment.file());
        }
        segments.clear();
        outbox.forget();
    }

    /** Closes the file; nothing is appended afterwards. */
    void close() throws IOException {
        closed = true;
        closeActive();
        outbox.close();
    }
}
