package org.tallystick.edge.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.tallystick.edge.disk.Disk;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.SignedHeader;

/** All epochs' batches that the platform has not acknowledged, in one directory. Safe from any thread. */
public final class Spool {
    /** Bytes that one more leaf adds at most: those of a batch that holds it alone. */
    public static final long MOST_PER_LEAF =
            SegmentFormat.FRAME + SignedHeader.LENGTH + Leaf.LENGTH + SegmentFormat.MARK;

    private final Disk disk;
    private final Path dir;
    private final int edge;
    private final int segmentBytes;
    private final Backlog backlog = new Backlog();
    private final ConcurrentSkipListMap<Integer, EpochSpool> epochs = new ConcurrentSkipListMap<>();

    private Spool(Disk disk, Path dir, int edge, int segmentBytes) {
        this.disk = disk;
        this.dir = dir;
        this.edge = edge;
        this.segmentBytes = segmentBytes;
    }

    /** Opens the directory, recovers what stands there, and gives {@code quotas} what was delivered under each. */
    public static Spool open(Disk disk, Path dir, int edge, int segmentBytes, Quotas quotas) throws IOException {
        Files.createDirectories(dir);
        Spool spool = new Spool(disk, dir, edge, segmentBytes);
        for (Map.Entry<Integer, List<Path>> files : segments(dir).entrySet()) {
            int epoch = files.getKey();
            EpochScan scan = EpochScan.of(edge, epoch, files.getValue(), 0, Optional.empty());
            spool.epoch(epoch).recover(scan);
            if (!scan.segments().isEmpty()) {
                quotas.recover(scan.quotas());
            }
        }
        return spool;
    }

    /** The segment files of a spool directory by epoch, each epoch's in order. */
    public static SortedMap<Integer, List<Path>> segments(Path dir) throws IOException {
        SortedMap<Integer, List<Path>> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.sorted().toList()) {
                Optional<Integer> epoch = Segment.epochOf(file);
                epoch.ifPresent(number ->
                        found.computeIfAbsent(number, e -> new ArrayList<>()).add(file));
            }
        }
        return found;
    }

    /** The epoch of that number, made where there is none. */
    public EpochSpool epoch(int number) {
        return epochs.computeIfAbsent(number, n -> new EpochSpool(disk, dir, edge, n, segmentBytes, backlog));
    }

    /**
     * Deletes epochs that are over and acknowledged whole. The newest with
     * segments stays, because the next start reads the counts of tokens with a quota from it.
     *
     * @param current number of the epoch in use, 0 for none
     */
    public void dropFinished(int current) throws IOException {
        int newest = 0;
        for (EpochSpool epoch : epochs.values()) {
            newest = epoch.last() > 0 ? epoch.epoch() : newest;
        }
        for (EpochSpool epoch : epochs.values()) {
            if (epoch.epoch() != current && epoch.epoch() < newest && epoch.isFinished()) {
                epoch.drop();
                epochs.remove(epoch.epoch());
            }
        }
    }

    /** All epochs with anything here, oldest first. */
    public Iterable<EpochSpool> epochs() {
        return epochs.values();
    }

    /** What is not acknowledged. */
    public Backlog backlog() {
        return backlog;
    }

    /** Why epochs are blocked, by number; empty where all is well. */
    public Map<Integer, String> blocked() {
        Map<Integer, String> blocked = new TreeMap<>();
        epochs.forEach((number, epoch) -> epoch.outbox().blocked().ifPresent(why -> blocked.put(number, why)));
        return blocked;
    }

    /** Closes all epochs, the others too where one fails. */
    public void close() throws IOException {
        IOException failed = null;
        for (EpochSpool epoch : epochs.values()) {
            try {
                epoch.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
