package org.tallystick.platform.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Refold;
import org.tallystick.platform.metering.fold.MeteredWork;
import org.tallystick.platform.settlement.Recomputation;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Verifier;

/**
 * What an auditor does with a copy of the log and the blobs: goes through it once from the first entry, checks every batch
 * as intake did, counts the uses again and computes every close again, to the same statement hashes. Reads no table.
 * Used once.
 */
public final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final byte[] CLOSE = "\"type\":\"close\"}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int AT_ONCE = 256;

    private final TransparencyLog log;
    private final BlobStore blobs;
    private final DidKey platform;
    private final Verifier verifier;

    /** @param platform the key edge certificates are signed with */
    public Replay(TransparencyLog log, BlobStore blobs, DidKey platform, Verifier verifier) {
        this.log = log;
        this.blobs = blobs;
        this.platform = platform;
        this.verifier = verifier;
    }

    /**
     * What a replay came to.
     *
     * @param bundles what is wrong with the batches
     * @param keys which keys of parties nobody has shown to have or has handed over to
     * @param works which works the log tells of are not stored
     * @param closes what is wrong with the closes the log has
     * @param recomputation to compare tables with
     * @param receipts counted
     */
    public record Outcome(
            Finding bundles, Finding keys, Finding works, Finding closes, Recomputation recomputation, long receipts) {}

    /** Replays the whole log. */
    public Outcome run() {
        Counting counting = new Counting(announced());
        BundleCheck check = new BundleCheck(log, blobs, platform, verifier, counting);
        Finding bundles = check.run();
        return new Outcome(
                bundles,
                counting.keys.finding(),
                counting.works(),
                counting.closes(),
                counting.recomputation,
                check.receipts());
    }

    /** The closes the log holds, read ahead so that the ends of periods are known before anything is counted. */
    private List<Recomputation.Announced> announced() {
        List<Recomputation.Announced> found = new ArrayList<>();
        try (ExecutorService pool = OrderedPrefetch.threads()) {
            OrderedPrefetch<List<Recomputation.Announced>> stretches = new OrderedPrefetch<>(pool);
            long size = log.size();
            long next = 0;
            while (next < size || !stretches.isEmpty()) {
                for (; next < size && !stretches.isFull(); next += AT_ONCE) {
                    long from = next;
                    stretches.give(() -> announced(from, Math.min(size, from + AT_ONCE)));
                }
                found.addAll(stretches.take());
            }
        }
        return found;
    }

    private List<Recomputation.Announced> announced(long from, long to) {
        List<Recomputation.Announced> found = new ArrayList<>();
        List<byte[]> entries = readable(from, to);
        for (int i = 0; i < entries.size(); i++) {
            if (isClose(entries.get(i))
                    && LogEntry.decode(entries.get(i), blobs::read) instanceof LogEntry.DocumentEntry close) {
                found.add(Recomputation.Announced.of(from + i, close));
            }
        }
        return found;
    }

    private List<byte[]> readable(long from, long to) {
        try {
            return log.entries(from, to);
        } catch (RuntimeException e) {
            LOG.debug("entries {} to {} cannot be read", from, to, e); // the walk that follows reports it
            return List.of();
        }
    }

    private static boolean isClose(byte[] entry) {
        int at = entry.length - CLOSE.length;
        return at > 0 && java.util.Arrays.equals(entry, at, entry.length, CLOSE, 0, CLOSE.length);
    }

    /** Counts what the walk over the log has checked. */
    private final class Counting implements BundleCheck.Listener {
        final Recomputation recomputation;
        private final Refold recount;
        private final Map<String, Member> manifests = new HashMap<>();
        private final Map<String, PartyId> creators = new HashMap<>();
        private final List<Member> told = new ArrayList<>();
        private final KeyReplay keys = new KeyReplay(platform, verifier);
        private final List<String> differences = new ArrayList<>();

        Counting(List<Recomputation.Announced> closes) {
            List<Instant> ends =
                    closes.stream().map(close -> close.period().to()).toList();
            recount = new Refold(log, blobs, ends);
            recomputation = new Recomputation(log.key().name(), closes, recount::used);
        }

        @Override
        public void before(long position) {
            guarded(position, () -> recomputation.reach(position));
        }

        /** What cannot be counted is a difference of the closes; the walk over the batches goes on. */
        private void guarded(long position, Runnable step) {
            try {
                step.run();
            } catch (RuntimeException e) {
                differences.add("log entry " + position + " cannot be counted: " + Reasons.of(e));
            }
        }

        @Override
        public void batch(long position, Batch batch) {
            guarded(position, () -> recount.batch(position, batch));
        }

        @Override
        public void document(long position, LogEntry.DocumentEntry entry) {
            guarded(position, () -> counted(position, entry));
        }

        private void counted(long position, LogEntry.DocumentEntry entry) {
            keys.document(position, entry);
            switch (entry.type()) {
                case "manifest" -> manifest(Fields.of(entry.body(), entry.type()));
                case "dataset-version" -> version(position, Fields.of(entry.body(), entry.type()));
                case "grant" -> recount.grant(position, Grant.ofClaims(entry.body()));
                default -> {
                    ending(position, entry);
                    recomputation.document(position, entry);
                }
            }
        }

        /** What orders works, and what ends tokens, jobs and edges. */
        private void ending(long position, LogEntry.DocumentEntry entry) {
            Fields body = Fields.of(entry.body(), entry.type());
            switch (entry.type()) {
                case "job-order" ->
                    recount.order(
                            JobOrder.ofPayload(Jws.parse(body.text("order")).payload()),
                            blobs.read(ContentId.parse(body.text("table"))));
                case "grant-revoked" -> recount.revoked(TokenId.parse(body.text("token")), entry.time());
                case "job-closed" -> recount.closed(new JobId(body.text("job")), entry.time());
                case "edge-revoked" ->
                    recount.revoked(position, (int) body.integer("edge", 1, Integer.MAX_VALUE), (int)
                            body.integer("epoch", 0, Integer.MAX_VALUE));
                default -> {
                    return; // ends nothing
                }
            }
        }

        private void manifest(Fields body) {
            Fields manifest = body.fields("manifest");
            ContentId content = ContentId.parse(manifest.text("content_id"));
            String id = body.text("manifest_id");
            Member member = new Member(
                    0,
                    content,
                    creators.computeIfAbsent(manifest.text("creator_id"), PartyId::new),
                    id,
                    body.integer("bytes", 0, Long.MAX_VALUE),
                    manifest.optionalText("media_type").orElse("application/octet-stream"),
                    manifest.text("license_uri"),
                    manifest.optionalText("path").orElse(content.hex()),
                    FreeRanges.read(manifest, "free_ranges"));
            told.add(member);
            manifests.putIfAbsent(id, member);
        }

        private void version(long position, Fields body) {
            List<Member> members = new ArrayList<>();
            for (String id : body.strings("manifests")) {
                members.add(Objects.requireNonNull(manifests.get(id), () -> "no manifest " + id + " before it"));
            }
            Hash root = Hash.ofHex(body.text("root"));
            if (!Member.root(members).equals(root)) {
                differences.add("log entry " + position + ": the members do not come to the root of the version");
            }
            recount.version(
                    root,
                    members.stream()
                            .map(member ->
                                    new MeteredWork(member.content().hash(), member.bytes(), member.freeRanges()))
                            .toList());
            recomputation.version(root, runs(members));
        }

        private static List<CreatorRange> runs(List<Member> members) {
            List<CreatorRange> runs = new ArrayList<>();
            for (int from = 0; from < members.size(); ) {
                PartyId creator = members.get(from).creator();
                int to = from;
                while (to < members.size() && members.get(to).creator().equals(creator)) {
                    to++;
                }
                runs.add(new CreatorRange(creator, from, to));
                from = to;
            }
            return runs;
        }

        Finding works() {
            List<String> missing = told.parallelStream().flatMap(this::missing).toList();
            return new Finding("works", manifests.size() + " works looked for", missing, List.of());
        }

        private Stream<String> missing(Member member) {
            return blobs.has(member.content())
                    ? Stream.empty()
                    : Stream.of("work " + member.content() + " of manifest " + member.manifestId() + " is not stored");
        }

        Finding closes() {
            guarded(log.size(), () -> recomputation.reach(log.size()));
            differences.addAll(recomputation.differences());
            String checked = recomputation.statements() + " statements in " + recomputation.closes()
                    + " closes computed again from the log";
            return new Finding("statements", checked, differences, List.of());
        }
    }
}
