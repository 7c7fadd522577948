package org.tallystick.platform.metering;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.delivery.Authority;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.Edge;
import org.tallystick.platform.delivery.Edges;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.delivery.OrderRecord;
import org.tallystick.platform.delivery.TokenRequest;
import org.tallystick.platform.ingest.ManifestDraft;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.metering.fold.MeteredWork;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.escrow.EscrowReservations;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafForm;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;

/**
 * A platform from the database up to settlement, on real PostgreSQL and real files, with a dataset of any size, and edges
 * that deliver whatever a test tells them to. Remembers every leaf, so that results can be recomputed from a plain list.
 */
public final class Market implements AutoCloseable {
    public final ContractFixture world;
    public final Deliveries delivery;
    public final Ledger ledger = new Ledger();
    public final List<Leaf> leaves = new ArrayList<>();
    public final Map<TokenId, Grant> grants = new HashMap<>();
    public final DatasetVersion version;
    public final List<Member> members;
    private final SplittableRandom salts = new SplittableRandom(3);
    private Metering metering;
    private Settlement settlement;

    /** @param works of each of the two creators */
    public Market(Path dir, int works) {
        this(dir, works, ContractFixture.Files.REAL);
    }

    /** As above, on other files. */
    public Market(Path dir, int works, ContractFixture.Files files) {
        world = new ContractFixture(
                dir, files, Deliveries.projection(), Settlement.projection(ledger, ContractFixture.ORIGIN));
        delivery = new Deliveries(
                world.database,
                world.sequencer,
                world.blobs,
                world.parties,
                world.contracts,
                new EscrowReservations(ledger, world.catalog),
                ContractFixture.VERIFIER,
                world.clock,
                new Authority(ContractFixture.ORIGIN, platform(), Authority.USUAL_VALIDITY));
        metering = newMetering();
        settlement = newSettlement();
        version = publish(works);
        members = read(tx -> world.catalog.members(tx, version.root()));
    }

    private static Signer platform() {
        return ContractFixture.signer("platform");
    }

    public static NoteSigner noteSigner() {
        return new NoteSigner(ContractFixture.ORIGIN, platform());
    }

    private Metering newMetering() {
        return new Metering(world.database, world.sequencer, world.log, world.blobs, delivery, world.catalog);
    }

    private Settlement newSettlement() {
        return new Settlement(
                new Settlement.Dependencies(
                        world.database,
                        world.sequencer,
                        world.log,
                        world.contracts,
                        world.catalog,
                        delivery,
                        metering,
                        ledger,
                        world.clock),
                noteSigner());
    }

    public Metering metering() {
        return metering;
    }

    public Settlement settlement() {
        return settlement;
    }

    /** Forgets what metering and settlement had in memory, as a new process would. */
    public void restart() {
        metering.close();
        metering = newMetering();
        settlement = newSettlement();
    }

    public <T> T read(Function<Handle, T> query) {
        return world.database.read(query);
    }

    private DatasetVersion publish(int works) {
        List<ContentAndCreator> members = new ArrayList<>();
        for (Principal creator : List.of(ContractFixture.CREATOR, ContractFixture.OTHER_CREATOR)) {
            for (int i = 0; i < works; i++) {
                byte[] content = (creator.id() + " wrote " + i).getBytes(StandardCharsets.UTF_8);
                Json.Obj manifest = Json.object()
                        .put("creator_id", creator.id().value())
                        .put("license_uri", "https://marketplace.example/licenses/6789")
                        .put("path", "work-" + i + ".txt")
                        .build();
                world.ingest
                        .upload(creator, ManifestDraft.parse(manifest), new ByteArrayInputStream(content))
                        .orThrow();
                members.add(new ContentAndCreator(ContentId.of(content), creator.id()));
            }
        }
        return world.catalog
                .publish(new PublishVersion(
                        new DatasetId("ds-market"), ContractFixture.CURATOR.id(), "Works", "of two creators", members))
                .orThrow();
    }

    /** A contract over the market's dataset, signed and in force, for which the operator guarantees whatever it comes to. */
    public ContractId contract(String id, String pricing, String fee, String split) {
        return contract(id, version.root(), pricing, fee, split);
    }

    /** A contract over another version of the dataset, signed and in force, guaranteed in the same way. */
    ContractId contract(String id, Hash root, String pricing, String fee, String split) {
        ContractId contract = uncovered(id, root, pricing, fee, split);
        String currency = read(tx -> world.contracts.find(tx, contract))
                .orElseThrow()
                .document()
                .pricing()
                .price()
                .currency();
        credit(contract, Money.parse(Currency.of(currency), "1000000000000000000000000"));
        return contract;
    }

    /** Lets the operator guarantee for a contract up to a limit. */
    public void credit(ContractId contract, Money limit) {
        settlement.grantCredit(ContractFixture.OPERATOR, contract, limit).orThrow();
    }

    /** A contract as above, for which nobody guarantees. */
    public ContractId uncovered(String id, String pricing, String fee, String split) {
        return uncovered(id, version.root(), pricing, fee, split);
    }

    private ContractId uncovered(String id, Hash root, String pricing, String fee, String split) {
        String text = """
            {"@context":"https://schema.org/","@type":"DataContract","contractId":"%s","datasetId":"ds-market",
             "buyerId":"buyer-7","curatorId":"curator-11","datasetVersion":"%s","platformFeeShare":%s,
             "license":{"type":"restricted-training",
               "permittedUses":["model-training","embedding","inference","preview"],"duration":"P1Y"},
             "pricing":%s,
             "payout":{"type":"monthly-reconciliation","split":%s}}
            """.formatted(id, root.hex(), fee, pricing, split);
        Json.Obj terms = Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
        world.contracts.accept(world.signed(terms)).orThrow();
        return new ContractId(id);
    }

    /** 0.005 USD a sample, 80 % to creators, 20 % to the curator, no fee. */
    public ContractId contract(String id) {
        return contract(
                id,
                "{\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":0.005}",
                "0",
                "[{\"recipientId\":\"creators\",\"share\":0.80},{\"recipientId\":\"curator-11\",\"share\":0.20}]");
    }

    public JobId job(ContractId contract, String id) {
        return jobFor("model of " + id, contract, id);
    }

    JobId jobFor(String model, ContractId contract, String id) {
        return delivery.jobs()
                .openJob(ContractFixture.BUYER, contract, Optional.of(new JobId(id)), model)
                .orThrow()
                .id();
    }

    /** A token for a day. */
    public Grant token(JobId job, Scope scope) {
        Grant grant = delivery.jobs()
                .issueToken(ContractFixture.BUYER, job, scope, Duration.ofHours(24), Optional.empty())
                .orThrow()
                .grant();
        grants.put(grant.tokenId(), grant);
        return grant;
    }

    /** Orders works of a job; answers the number of the order. */
    public int order(JobId job, ReleaseSeed seed, IntPredicate ordered, Instant ends) {
        return orderOf(job, seed, Scope.TRAINING, ordered, ends)
                .orThrow()
                .order()
                .number();
    }

    /** An order of the buyer's for some works of the dataset, or why it is refused. */
    public Outcome<OrderRecord> orderOf(JobId job, ReleaseSeed seed, Scope scope, IntPredicate ordered, Instant ends) {
        Job found = delivery.jobs().find(job).orElseThrow();
        ReleaseTable table = seed.table(members.size(), ordered);
        int number =
                delivery.orders().ofJob(ContractFixture.BUYER, job).orThrow().next();
        JobOrder order =
                JobOrder.of(found.contract().value(), job.value(), number, scope, found.dataset(), table, ends);
        return delivery.orders()
                .accept(
                        ContractFixture.BUYER,
                        job,
                        order.sign(ContractFixture.signer(ContractFixture.BUYER)),
                        table.entries());
    }

    /** A token for a day. */
    public Grant token(JobId job, TokenRequest wanted) {
        Grant grant = delivery.jobs()
                .issueToken(ContractFixture.BUYER, job, wanted)
                .orThrow()
                .grant();
        grants.put(grant.tokenId(), grant);
        return grant;
    }

    private long length(ContentId content) {
        return members.stream()
                .filter(member -> member.content().equals(content))
                .mapToLong(Member::bytes)
                .findFirst()
                .orElse(100);
    }

    /** The judge over everything delivered so far. */
    Plain plain() {
        return plain(leaves);
    }

    Plain plain(List<Leaf> some) {
        List<MeteredWork> works = members.stream()
                .map(member -> new MeteredWork(member.content().hash(), member.bytes(), member.freeRanges()))
                .toList();
        return new Plain(some, grants, Map.of(version.root(), works), Map.of());
    }

    /** The ordinals of the works used under a grant's job and scope, by the plain list. */
    public Set<Integer> standing(Grant grant) {
        UsageKey key = new UsageKey(new ContractId(grant.contract()), new JobId(grant.job()), grant.scope());
        return plain().sets().getOrDefault(key, Set.of());
    }

    public TestEdge edge(String name) {
        Edge edge = delivery.edges()
                .register(ContractFixture.OPERATOR, name)
                .orThrow()
                .edge();
        return new TestEdge(edge, name);
    }

    /** An edge that leaves what it is told to and ships when it is told to. */
    public final class TestEdge {
        private final Edge edge;
        private final Signer key;
        private final int epoch;
        private final Principal principal;
        private final List<Leaf> open = new ArrayList<>();
        private final ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        private long next = 1;
        private Hash previous = BatchHeader.NONE;

        private TestEdge(Edge edge, String name) {
            this.edge = edge;
            this.key = ContractFixture.signer("key of " + name);
            this.principal = new Principal(edge.party(), Role.EDGE);
            DidKey did = new DidKey(key.publicKey());
            this.epoch = delivery.edges()
                    .certify(principal, edge.number(), did, key.sign(Edges.proofMessage(edge.number(), did)))
                    .orThrow()
                    .certificate()
                    .epoch();
        }

        /** Delivers a work now. */
        public Leaf deliver(Grant grant, Member work) {
            return leave(LeafKind.FULL, grant, work.content(), world.clock.instant(), 0);
        }

        public Leaf deliver(Grant grant, Member work, Instant time) {
            return leave(LeafKind.FULL, grant, work.content(), time, 0);
        }

        /** Takes a delivery back. */
        public Leaf takeBack(Leaf delivered, Grant grant) {
            return leave(LeafKind.VOID, grant, delivered.content(), world.clock.instant(), delivered.sequence());
        }

        public Leaf leave(LeafKind kind, Grant grant, ContentId content, Instant time, long voids) {
            return leave(kind, grant, grant.scope(), content, time, voids);
        }

        Leaf leave(LeafKind kind, Grant grant, Scope scope, ContentId content, Instant time, long voids) {
            byte[] salt = new byte[Leaf.SALT_LENGTH];
            salts.nextBytes(salt);
            Leaf leaf = new Leaf(
                    kind,
                    scope,
                    false,
                    edge.number(),
                    epoch,
                    next++,
                    time.toEpochMilli(),
                    grant.tokenId(),
                    content,
                    kind == LeafKind.FULL || kind == LeafKind.PARTIAL ? length(content) : 0,
                    voids,
                    salt);
            open.add(leaf);
            leaves.add(leaf);
            return leaf;
        }

        /** Leaves whatever it is told to, well or ill. */
        public Leaf leave(
                LeafKind kind,
                Grant grant,
                ContentId content,
                Instant time,
                long from,
                long bytes,
                long refers,
                Optional<ReleaseKey> key) {
            byte[] salt = new byte[Leaf.SALT_LENGTH];
            salts.nextBytes(salt);
            Leaf leaf = new Leaf(
                    LeafForm.CURRENT,
                    kind,
                    grant.scope(),
                    false,
                    key.isPresent(),
                    edge.number(),
                    epoch,
                    next++,
                    time.toEpochMilli(),
                    grant.tokenId(),
                    content,
                    from,
                    bytes,
                    refers,
                    key.map(ReleaseKey::bytes).orElse(salt));
            open.add(leaf);
            leaves.add(leaf);
            return leaf;
        }

        public int number() {
            return edge.number();
        }

        /** Seals what is open into batches of so many leaves. */
        public TestEdge seal(int most) {
            for (int from = 0; from < open.size(); from += most) {
                Batch batch = seal(open.subList(from, Math.min(open.size(), from + most)));
                sealed.writeBytes(batch.encode());
            }
            open.clear();
            return this;
        }

        private Batch seal(List<Leaf> some) {
            byte[] bytes = new byte[some.size() * Leaf.LENGTH];
            for (int i = 0; i < some.size(); i++) {
                some.get(i).encode(bytes, i * Leaf.LENGTH);
            }
            Batch batch = Batch.seal(bytes, previous, key);
            previous = batch.header().hash();
            return batch;
        }

        /** Ships everything. */
        public void ship() {
            seal(BatchHeader.MAX_COUNT);
            if (sealed.size() > 0) {
                delivery.intake().accept(principal, sealed.toByteArray()).orThrow();
                sealed.reset();
            }
        }
    }

    @Override
    public void close() {
        metering.close();
        world.close();
    }
}
