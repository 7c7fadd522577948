package org.tallystick.bench;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.tallystick.platform.app.Config;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.delivery.Intake;
import org.tallystick.platform.ingest.ManifestDraft;
import org.tallystick.platform.ingest.UploadReceipt;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;

/**
 * A whole platform that serves, with a market in it. Parties, a few hundred works, deliveries and closes come through the
 * doors everybody uses. The mass of works, contracts, jobs and grants enters the log as entries without the uploads and
 * signatures that would precede them; the platform makes its tables of them as of any.
 */
final class ApiMarket implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ORIGIN = "bench.example/log";
    private static final int AT_ONCE = 5_000;
    private static final int UPLOADS = 200;
    private static final int LEAVES = 1_000;

    private final ApiScale scale;
    private final Consumer<String> progress;
    private final Clock clock = new Clock();
    private final Platform platform;
    private final URI uri;
    private final Map<String, String> keys = new HashMap<>();
    private final List<Hash> roots = new ArrayList<>();
    private final List<List<ContentId>> contents = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();
    private final List<UploadReceipt> uploads = new ArrayList<>();
    private final List<Leaf> pending = new ArrayList<>();
    private final BenchEdge edge;
    private Hash previous = BatchHeader.NONE;
    private long sequence;

    /** A clock that the benchmark moves on from close to close; between them it runs. */
    private static final class Clock implements InstantSource {
        private volatile Duration ahead =
                Duration.between(InstantSource.system().instant(), START);

        @Override
        public Instant instant() {
            return InstantSource.system().instant().plus(ahead);
        }

        void to(Instant moment) {
            ahead = Duration.between(InstantSource.system().instant(), moment);
        }
    }

    ApiMarket(Path data, ApiScale scale, Consumer<String> progress) {
        this.scale = scale;
        this.progress = progress;
        clock.to(START);
        Config config =
                Config.from(Map.of("data", data.toString(), "port", "0", "origin", ORIGIN), Map.of(), Optional.empty());
        platform = Platform.open(config, clock);
        edge = BenchEdge.certified(platform.delivery(), "edge-1");
        parties();
        works();
        contracts();
        for (int close = 1; close <= scale.closes(); close++) {
            deliver(close);
            close(close);
        }
        uri = platform.serve(config);
    }

    private void parties() {
        enter("curator", Role.CURATOR);
        enter("uploader", Role.CREATOR);
        enter("buyer-0", Role.BUYER);
        for (int i = 0; i < 8; i++) {
            enter("auditor-" + i, Role.AUDITOR);
        }
        keys.put(
                "operator", platform.parties().issueKey(new PartyId("operator")).orThrow());
        keys.put("edge", platform.parties().issueKey(edge.principal().id()).orThrow());
    }

    private void enter(String id, Role role) {
        DidKey key = new DidKey(BenchEdge.signer(id).publicKey());
        platform.parties()
                .register(new NewParty(new PartyId(id), role, id, key))
                .orThrow();
        keys.put(id, platform.parties().issueKey(new PartyId(id)).orThrow());
    }

    private void works() {
        Principal uploader = new Principal(new PartyId("uploader"), Role.CREATOR);
        for (int i = 0; i < UPLOADS; i++) {
            byte[] content = ("an uploaded work " + i).getBytes(StandardCharsets.UTF_8);
            Json.Obj manifest = Json.object()
                    .put("creator_id", "uploader")
                    .put("license_uri", "https://bench.example/license")
                    .put("path", "work-" + i)
                    .build();
            uploads.add(platform.ingest()
                    .upload(uploader, ManifestDraft.parse(manifest), new ByteArrayInputStream(content))
                    .orThrow());
        }
        for (int dataset = 0; dataset < scale.datasets(); dataset++) {
            List<ContentAndCreator> works = new ArrayList<>(scale.worksOf());
            List<ContentId> ids = new ArrayList<>(scale.worksOf());
            for (int work = 0; work < scale.worksOf(); work++) {
                ContentId content = ContentId.of(("work " + dataset + " " + work).getBytes(StandardCharsets.UTF_8));
                int creator = dataset * scale.creatorsOf() + work % scale.creatorsOf();
                works.add(new ContentAndCreator(content, new PartyId("creator-" + creator)));
                ids.add(content);
            }
            append(works.stream().map(CloseManifests::draft).toList());
            contents.add(ids);
            roots.add(platform.catalog()
                    .publish(new PublishVersion(
                            new DatasetId("ds-" + dataset), new PartyId("curator"), "Works of many", "", works))
                    .orThrow()
                    .root());
            progress.accept((dataset + 1) + " of " + scale.datasets() + " datasets published");
        }
    }

    private void contracts() {
        List<Draft> drafts = new ArrayList<>();
        for (int contract = 0; contract < scale.contracts(); contract++) {
            int dataset = contract % scale.datasets();
            Hash root = roots.get(dataset);
            Grant grant = new Grant(
                    ORIGIN,
                    "buyer-" + contract,
                    "c-" + contract,
                    "job-" + contract,
                    Scope.TRAINING,
                    root,
                    START,
                    START.plus(Duration.ofDays(3_650)),
                    Optional.empty());
            grants.add(grant);
            drafts.addAll(CloseSetup.contractAndJob(grant, contract, dataset));
        }
        append(drafts);
        progress.accept(scale.contracts() + " contracts");
    }

    private void append(List<Draft> drafts) {
        for (int from = 0; from < drafts.size(); from += AT_ONCE) {
            List<Draft> some = drafts.subList(from, Math.min(drafts.size(), from + AT_ONCE));
            platform.sequencer().execute((tx, now) -> Decision.append(some, position -> position));
        }
    }

    /** Every contract's buyer uses some works, other ones than in the period before. */
    private void deliver(int close) {
        for (int contract = 0; contract < scale.contracts(); contract++) {
            List<ContentId> works = contents.get(contract % scale.datasets());
            int group = contract / scale.datasets();
            List<Leaf> leaves = new ArrayList<>();
            for (int use = 0; use < scale.uses(); use++) {
                int work =
                        (int) (((long) close * scale.creatorsOf() + (long) group * scale.uses() + use) % works.size());
                leaves.add(leaf(grants.get(contract), works.get(work)));
            }
            pending.addAll(leaves);
            if (pending.size() >= LEAVES) {
                ship();
            }
        }
        ship();
        platform.metering().catchUp();
    }

    private Leaf leaf(Grant grant, ContentId content) {
        sequence++;
        return new Leaf(
                LeafKind.FULL,
                Scope.TRAINING,
                false,
                edge.number(),
                edge.epoch(),
                sequence,
                clock.instant().toEpochMilli(),
                grant.tokenId(),
                content,
                20_000,
                0,
                new byte[Leaf.SALT_LENGTH]);
    }

    private void ship() {
        if (!pending.isEmpty()) {
            platform.delivery().intake().accept(edge.principal(), sealed()).orThrow();
        }
    }

    private byte[] sealed() {
        byte[] leaves = new byte[pending.size() * Leaf.LENGTH];
        for (int i = 0; i < pending.size(); i++) {
            pending.get(i).encode(leaves, i * Leaf.LENGTH);
        }
        pending.clear();
        Batch batch = Batch.seal(leaves, previous, edge.key());
        previous = batch.header().hash();
        return Arrays.copyOf(batch.encode(), batch.length());
    }

    /** A bundle of receipts for uses of one contract after another, to be shipped over HTTP: what an edge at full speed sends. */
    byte[] bundle(int leaves) {
        for (int i = 0; i < leaves; i++) {
            int contract = (int) (sequence % scale.contracts());
            List<ContentId> works = contents.get(contract % scale.datasets());
            pending.add(leaf(grants.get(contract), works.get((int) (sequence * 7_919 % works.size()))));
        }
        byte[] bundle = sealed();
        if (bundle.length > Intake.MAX_BUNDLE) {
            throw new IllegalArgumentException("a bundle of " + bundle.length + " bytes");
        }
        return bundle;
    }

    private void close(int number) {
        Instant from = START.plus(Duration.ofDays(number - 1L));
        Instant to = START.plus(Duration.ofDays(number));
        clock.to(to.plus(Duration.ofHours(1)));
        int statements = platform.settlement()
                .close(new Period("p-" + number, from, to))
                .orThrow()
                .statements()
                .size();
        progress.accept("close " + number + " of " + scale.closes() + ": " + statements + " statements");
    }

    URI uri() {
        return uri;
    }

    String key(String who) {
        return Optional.ofNullable(keys.get(who)).orElseThrow();
    }

    List<Hash> roots() {
        return roots;
    }

    List<UploadReceipt> uploads() {
        return uploads;
    }

    ApiScale scale() {
        return scale;
    }

    @Override
    public void close() {
        platform.close();
    }
}
