package org.tallystick.bench.soak;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.bench.sim.ActionCounts;
import org.tallystick.bench.sim.Violation;
import org.tallystick.platform.app.Config;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.audit.Finding;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Checks the stored data of a platform after the load, while nothing runs: every receipt that the buyer holds is in the
 * log, every job has exactly its works, every missing sequence number is listed as a gap, and {@code fsck} finds
 * nothing. The log only grows, so each audit begins where the one before ended.
 */
final class RecordAudit {
    /** Names of what is counted. */
    static final String FOUND = "receipts held by the buyer and found in the log";

    static final String GAPS = "gaps left by killed edges, listed by number";

    private static final int AT_ONCE = 256;

    private final Map<Epoch, Long> lasts = new HashMap<>();
    private final TreeSet<String> gaps = new TreeSet<>();
    private final Set<Use> uses = new HashSet<>();
    private long read;
    private Optional<ContentId> open = Optional.empty();
    private byte[] bundle = {};

    private record Epoch(int edge, int number) {}

    /** One work within one job; a job has one token here. */
    private record Use(TokenId token, ContentId content) {}

    /**
     * Runs the audit.
     *
     * @param data folder of the platform
     * @param received the buyer's receipts; those found in the log are removed, and none may remain
     * @param works of each job
     */
    ActionCounts run(Path data, HeldReceipts received, int works) {
        ActionCounts counts = new ActionCounts();
        Config config = Config.from(Map.of("data", data.toString()), Map.of(), Optional.empty());
        try (Platform platform = Platform.open(config, InstantSource.system())) {
            counts.add(FOUND, received.size());
            int listed = gaps.size();
            readLog(platform, received);
            received.any().ifPresent(lost -> {
                throw new Violation("a receipt that was handed out is not in the log: " + lost);
            });
            checkUses(platform, received.jobs() * works);
            List<Finding> findings = platform.fsck().run(area -> {});
            checkFindings(platform, findings);
            counts.add(GAPS, gaps.size() - listed);
            counts.add("times fsck recomputed everything");
        }
        return counts;
    }

    private void readLog(Platform platform, HeldReceipts received) {
        long size = platform.log().size();
        for (; read < size; read = Math.min(size, read + AT_ONCE)) {
            for (byte[] entry : platform.log().entries(read, Math.min(size, read + AT_ONCE))) {
                if (LogEntry.blobOf(entry).isEmpty()
                        && LogEntry.decode(entry, platform.blobs()::read) instanceof LogEntry.BatchEntry batch) {
                    take(platform, batch, received);
                }
            }
        }
    }

    private void take(Platform platform, LogEntry.BatchEntry entry, HeldReceipts received) {
        Batch batch = Batch.decode(bundle(platform, new ContentId(entry.bundle())), Math.toIntExact(entry.offset()));
        BatchHeader header = batch.header();
        Epoch epoch = new Epoch(header.edge(), header.epoch());
        long last = lasts.getOrDefault(epoch, 0L);
        if (header.first() <= last) {
            throw new Violation("number " + header.first() + " of " + epoch + " is in the log twice");
        }
        if (header.first() > last + 1) {
            gaps.add(words(header.edge(), header.epoch(), last + 1, header.first() - 1));
        }
        lasts.put(epoch, header.last());
        for (int i = 0; i < header.count(); i++) {
            Leaf leaf = batch.leaf(i);
            received.found(leaf);
            if (leaf.kind().meters()) {
                uses.add(new Use(leaf.token(), leaf.content()));
            }
        }
    }

    private byte[] bundle(Platform platform, ContentId id) {
        if (!open.equals(Optional.of(id))) {
            bundle = platform.blobs().read(id);
            open = Optional.of(id);
        }
        return bundle;
    }

    /** Checks that each job has used each work exactly once, however often it was delivered. */
    private void checkUses(Platform platform, long expected) {
        if (uses.size() != expected) {
            throw new Violation("the jobs used " + expected + " works, the log holds " + uses.size());
        }
        platform.metering().catchUp();
        long counted =
                platform
                        .database()
                        .read(tx -> platform.metering().counts(tx, new ContractId(LoadSetup.CONTRACT)))
                        .stream()
                        .mapToLong(count -> count.uses())
                        .sum();
        if (counted != expected) {
            throw new Violation("the jobs used " + expected + " works, the sets hold " + counted);
        }
    }

    private void checkFindings(Platform platform, List<Finding> findings) {
        List<String> notes = new ArrayList<>();
        for (Finding finding : findings) {
            if (!finding.differences().isEmpty()) {
                throw new Violation("fsck finds in " + finding.area() + ": " + finding.differences());
            }
            notes.addAll(finding.notes());
        }
        TreeSet<String> listed = new TreeSet<>();
        platform.database()
                .read(tx -> platform.delivery().intake().gaps(tx))
                .forEach(gap -> listed.add(words(gap.edge(), gap.epoch(), gap.first(), gap.last())));
        if (!listed.equals(gaps) || !notes.containsAll(gaps)) {
            throw new Violation("the log leaves out " + gaps + ", listed are " + listed + ", fsck notes " + notes);
        }
    }

    /** A gap in the words in which {@code fsck} lists it. */
    private static String words(int edge, int epoch, long first, long last) {
        return "edge " + edge + " epoch " + epoch + " lost the numbers " + first + " to " + last;
    }
}
