package org.tallystick.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One platform, one edge, a dataset of seven works by two creators, one contract: every lie about them is caught. */
class StatementFileTest {
    private static final NoteSigner PLATFORM = new NoteSigner("log.example/tally", Deliveries.PLATFORM);
    private static final JdkEd25519 CREATOR = JdkEd25519.ofSeed(Deliveries.seed("creator"));
    private static final StatementVerifier VERIFIER = new StatementVerifier(PLATFORM.key(), Deliveries.VERIFIER);
    private static final int WORKS = 7;
    private static final List<String> SIGNERS = List.of("buyer-7", "curator-11", "creator-1", "creator-2");

    private final List<Json.Obj> members = new ArrayList<>();
    private final Hash root;
    private final ContractDocument contract;
    private final Grant grant;
    private final Batch batch;
    private final LogEntry.BatchEntry entry;

    StatementFileTest() {
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < WORKS; i++) {
            members.add(Json.object()
                    .put("content_id", content(i).toString())
                    .put("creator_id", i < 4 ? "creator-1" : "creator-2")
                    .build());
            hashes.add(MerkleTree.leafHash(Jcs.bytes(members.get(i))));
        }
        root = MerkleTree.root(hashes);
        contract = contract("\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":0.005");
        grant = grant("buyer-7", root);
        batch = batch(grant, LeafKind.FULL);
        entry = new LogEntry.BatchEntry(Sha256.hash(batch.encode()), 0, batch.length(), batch.signed());
    }

    private static ContentId content(int work) {
        return ContentId.of(("work " + work).getBytes(StandardCharsets.UTF_8));
    }

    private ContractDocument contract(String pricing) {
        String text = """
            {"@context":"https://schema.org/","@type":"DataContract","contractId":"cnf-1","datasetId":"ds-1",
             "buyerId":"buyer-7","curatorId":"curator-11","datasetVersion":"%s",
             "license":{"type":"restricted-training","permittedUses":["model-training"],"forbiddenUses":[],
               "duration":"P1Y","regionRestrictions":["EU"]},
             "pricing":{%s},
             "payout":{"type":"monthly-reconciliation","escrowProvider":"escrow",
               "split":[{"recipientId":"creators","share":0.80},{"recipientId":"curator-11","share":0.20}]}}
            """.formatted(root.hex(), pricing);
        return signed(ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8)), SIGNERS);
    }

    private static ContractDocument signed(ContractDocument terms, List<String> signers) {
        ContractDocument document = terms;
        for (String signer : signers) {
            document = document.sign(signer, signer.equals("buyer-7") ? Deliveries.EDGE : CREATOR, Deliveries.START);
        }
        return document;
    }

    private static Grant grant(String consumer, Hash version) {
        return new Grant(
                "log.example/tally",
                consumer,
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                version,
                Deliveries.START,
                Deliveries.START.plusSeconds(3600),
                Optional.empty());
    }

    /** Ten deliveries: every work once, the first three twice. */
    private static Batch batch(Grant grant, LeafKind kind) {
        byte[] leaves = new byte[10 * Leaf.LENGTH];
        for (int i = 0; i < 10; i++) {
            Leaf leaf = new Leaf(
                    kind,
                    Scope.TRAINING,
                    false,
                    3,
                    2,
                    1 + i,
                    Deliveries.START.toEpochMilli() + i,
                    grant.tokenId(),
                    content(i % WORKS),
                    100,
                    0,
                    new byte[Leaf.SALT_LENGTH]);
            leaf.encode(leaves, i * Leaf.LENGTH);
        }
        return Batch.seal(leaves, BatchHeader.NONE, Deliveries.EDGE);
    }

    private StatementEvidence evidence(int... leaves) {
        return evidence(contract, grant, batch, entry, leaves);
    }

    private StatementEvidence evidence(
            ContractDocument agreed, Grant granted, Batch sealed, LogEntry.BatchEntry logged, int... leaves) {
        StatementEvidence evidence = new StatementEvidence();
        evidence.addContract(agreed.json());
        evidence.addCertificate(Deliveries.CERTIFICATE.sign(Deliveries.PLATFORM));
        evidence.addGrant(granted.claims());
        TreeMap<Long, Json.Obj> shown = new TreeMap<>();
        TreeSet<Integer> indices = new TreeSet<>();
        for (int leaf : leaves) {
            shown.put((long) (leaf % WORKS), members.get(leaf % WORKS));
            indices.add(leaf);
        }
        List<Hash> all =
                members.stream().map(m -> MerkleTree.leafHash(Jcs.bytes(m))).toList();
        evidence.addVersion(root, WORKS, shown, MultiProof.prove(WORKS, shown.navigableKeySet(), MultiProof.of(all)));
        evidence.addBatch(5, logged, sealed, indices);
        List<Hash> log = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            log.add(i == 5 ? MerkleTree.leafHash(entry.encode()) : MerkleTree.leafHash(new byte[] {(byte) i}));
        }
        Checkpoint checkpoint = new Checkpoint(PLATFORM.name(), 9, MerkleTree.root(log));
        evidence.log(checkpoint.sign(PLATFORM), MultiProof.prove(9, new TreeSet<>(List.of(5L)), MultiProof.of(log)));
        return evidence;
    }

    private static Statement.Line line(Statement.Basis basis, long uses, String price, String share) {
        BigDecimal unit = new BigDecimal(price);
        return new Statement.Line(
                Statement.Kind.USAGE,
                basis,
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                uses,
                0,
                unit,
                BigDecimal.ZERO,
                new BigDecimal(share),
                Statement.Line.exact(uses, 0, unit, BigDecimal.ZERO, new BigDecimal(share)),
                Optional.empty());
    }

    private static Statement statement(String party, long position, List<Statement.Line> lines, long posted) {
        return new Statement(
                "log.example/tally",
                party,
                "2026-01",
                Deliveries.START,
                Deliveries.START.plusSeconds(86_400),
                "USD",
                position,
                Optional.empty(),
                lines,
                List.of(new Statement.ContractTotal(
                        "cnf-1", "0", lines.getFirst().exact(), 0, posted)));
    }

    private static Statement creatorStatement() {
        return statement("creator-1", 7, List.of(line(Statement.Basis.CREATOR, 4, "0.005", "0.8")), 16_000);
    }

    private byte[] creatorFile() {
        return StatementFile.sign(creatorStatement(), evidence(0, 1, 2, 3, 7), PLATFORM);
    }

    @Test
    void aTrueStatementVerifiesFromThePlatformsKeyAlone() {
        StatementVerifier.Verified verified = VERIFIER.verify(creatorFile());
        assertThat(verified.statement()).isEqualTo(creatorStatement());
        assertThat(verified.receipts()).isEqualTo(5);
        assertThat(verified.works())
                .as("the second receipt of a work adds nothing")
                .isEqualTo(4);
        assertThat(verified.statement().total()).isEqualTo(16_000);
        Statement curator =
                statement("curator-11", 7, List.of(line(Statement.Basis.RECIPIENT, 7, "0.005", "0.2")), 7_000);
        byte[] file = StatementFile.sign(curator, evidence(0, 1, 2, 3, 4, 5, 6), PLATFORM);
        assertThat(VERIFIER.verify(file).works()).isEqualTo(7);
    }

    @Test
    void everyChangedByteIsRefused() {
        byte[] file = creatorFile();
        for (int at = 0; at < file.length; at++) {
            byte[] changed = file.clone();
            changed[at] ^= (byte) (1 << at % 8);
            assertThatThrownBy(() -> VERIFIER.verify(changed)).as("byte " + at).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void bytesAddedTakenAwayOrReplacedAreRefused() {
        byte[] file = creatorFile();
        Seeds.check(300, random -> {
            byte[] changed = file.clone();
            int at = random.nextInt(file.length);
            changed[at] = (byte) random.nextInt(256);
            if (changed[at] != file[at]) {
                assertThatThrownBy(() -> VERIFIER.verify(changed)).isInstanceOf(MalformedException.class);
            }
        });
        for (String added : List.of(" ", "\n", "\0", "{}")) {
            byte[] longer = (new String(file, StandardCharsets.UTF_8) + added).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> VERIFIER.verify(longer)).isInstanceOf(MalformedException.class);
        }
        byte[] shorter = java.util.Arrays.copyOf(file, file.length - 1);
        assertReason(() -> VERIFIER.verify(shorter), "json/truncated");
    }

    @Test
    void anotherPlatformsWordIsNotEnough() {
        NoteSigner other = new NoteSigner("log.example/tally", Deliveries.EDGE);
        byte[] file = StatementFile.sign(creatorStatement(), evidence(0, 1, 2, 3), other);
        assertReason(() -> VERIFIER.verify(file), "statement-file/wrong-key");
    }

    /** What a lying platform may sign, and how the file gives it away. */
    @Test
    void aLyingPlatformIsCaughtByItsOwnEvidence() {
        lie("statement/uses", statement("creator-1", 7, lines(5, "0.005", "0.8"), 20_000), evidence(0, 1, 2, 3));
        lie("statement/uses", statement("creator-1", 7, lines(3, "0.005", "0.8"), 12_000), evidence(0, 1, 2, 3));
        lie("statement/uses", statement("creator-1", 7, lines(5, "0.005", "0.8"), 20_000), evidence(0, 1, 2, 3, 4));
        lie("statement/terms", statement("creator-1", 7, lines(4, "0.004", "0.8"), 12_800), evidence(0, 1, 2, 3));
        lie("statement/terms", statement("creator-1", 7, lines(4, "0.005", "0.7"), 14_000), evidence(0, 1, 2, 3));
        lie("statement/posted", statement("creator-1", 7, lines(4, "0.005", "0.8"), 15_999), evidence(0, 1, 2, 3));
        lie("evidence/position", statement("creator-1", 5, lines(4, "0.005", "0.8"), 16_000), evidence(0, 1, 2, 3));
        lie("evidence/checkpoint", statement("creator-1", 10, lines(4, "0.005", "0.8"), 16_000), evidence(0, 1, 2, 3));
        lie("evidence/unused", withLines(creatorStatement(), List.of()), evidence(0, 1, 2, 3));
    }

    @Test
    void receiptsThatAreNoneOrElsewhereAreRefused() {
        Batch voids = batch(grant, LeafKind.HEAD);
        lie("evidence/not-a-use", creatorStatement(), evidence(contract, grant, voids, entry(voids), 0), false);
        Batch unlogged = batch(grant("buyer-8", root), LeafKind.FULL);
        lie("evidence/log-proof", creatorStatement(), evidence(contract, grant, unlogged, entry(unlogged), 0));
        Grant foreign = grant("buyer-8", root);
        lie("evidence/grant", creatorStatement(), evidence(contract, foreign, batch, entry, 0));
        ContractDocument forged = ContractDocument.parse(
                (Json.Obj) Json.parse(contract.json().toString().replace("0.005", "0.006")));
        lie("contract/signature-wrong", creatorStatement(), evidence(forged, grant, batch, entry, 0));
    }

    private static LogEntry.BatchEntry entry(Batch batch) {
        return new LogEntry.BatchEntry(Sha256.hash(batch.encode()), 0, batch.length(), batch.signed());
    }

    @Test
    void aFlatPriceIsPaidByTheWorksInTheVersion() {
        ContractDocument flat = contract("\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":100");
        for (String[] row : new String[][] {{"4", "320/7", ""}, {"5", "400/7", "statement/part"}}) {
            long works = Long.parseLong(row[0]);
            BigDecimal price = flat.pricing().price().amount();
            String exact = Statement.Line.exact(works, 7, price, BigDecimal.ZERO, new BigDecimal("0.8"));
            assertThat(exact).isEqualTo(row[1]);
            Statement.Line line = new Statement.Line(
                    Statement.Kind.FLAT,
                    Statement.Basis.CREATOR,
                    "cnf-1",
                    "",
                    Scope.TRAINING,
                    works,
                    7,
                    price,
                    BigDecimal.ZERO,
                    new BigDecimal("0.8"),
                    exact,
                    Optional.empty());
            long posted = Statement.ContractTotal.toPost("0", exact, 0);
            StatementEvidence evidence = new StatementEvidence();
            evidence.addContract(flat.json());
            TreeMap<Long, Json.Obj> shown = new TreeMap<>();
            for (long i = 0; i < 4; i++) {
                shown.put(i, members.get((int) i));
            }
            List<Hash> all =
                    members.stream().map(m -> MerkleTree.leafHash(Jcs.bytes(m))).toList();
            evidence.addVersion(
                    root, WORKS, shown, MultiProof.prove(WORKS, shown.navigableKeySet(), MultiProof.of(all)));
            Checkpoint checkpoint = new Checkpoint(PLATFORM.name(), 9, root);
            evidence.log(checkpoint.sign(PLATFORM), List.of());
            Statement statement = statement("creator-1", 7, List.of(line), posted);
            if (row[2].isEmpty()) {
                byte[] file = StatementFile.sign(statement, evidence, PLATFORM);
                assertThat(VERIFIER.verify(file).statement().total()).isEqualTo(45_714_285);
            } else {
                lie(row[2], statement, evidence);
            }
        }
    }

    @Test
    void roundingIsCarriedAndNeverReachesAMicro() {
        Seeds.check(200, random -> {
            String before = "0";
            long posted = 0;
            for (int period = 0; period < 20; period++) {
                BigDecimal price = BigDecimal.valueOf(1 + random.nextLong(1_000_000_000L), 12);
                String exact = Statement.Line.exact(
                        1 + random.nextInt(50), 0, price, BigDecimal.ZERO, new BigDecimal("0.333333333333"));
                long due = Statement.ContractTotal.toPost(before, exact, posted);
                assertThat(due).isNotNegative();
                posted += due;
                before = Ratio.parse(before, "before")
                        .plus(Ratio.parse(exact, "exact"))
                        .toString();
                Ratio owed = Ratio.parse(before, "before");
                assertThat(owed.floorMicros().longValueExact()).isEqualTo(posted);
            }
        });
    }

    @Test
    void statementsReadBackAndRefuseOtherTotalsAndIds() {
        Json.Obj json = creatorStatement().json();
        assertThat(Statement.of(json)).isEqualTo(creatorStatement());
        assertReason(() -> Statement.of(json.with("total", Json.of("0.016001"))), "statement/total");
        assertReason(() -> Statement.of(json.with("party", Json.of("creator-2"))), "statement/id");
        assertReason(() -> Statement.of(json.with("total", Json.of("0.016"))), "statement/amount");
        assertReason(() -> Statement.of(json.with("note", Json.of("x"))), "json/unknown-member");
        assertReason(() -> Statement.of(json.with("type", Json.of("x"))), "statement/type");
    }

    /** Money is only owed under what those it binds have signed. */
    @ParameterizedTest
    @CsvSource({
        "curator-11 creator-1 creator-2, buyer-7",
        "buyer-7 creator-1 creator-2, curator-11",
        "buyer-7 curator-11 creator-2, creator-1",
        "creator-1, 'buyer-7, curator-11'",
    })
    void aContractThatSomebodyItBindsHasNotSignedIsNone(String signers, String missing) {
        ContractDocument unsigned = ContractDocument.parse(contract.json().with("signatures", Json.array(List.of())));
        ContractDocument some = signed(unsigned, List.of(signers.split(" ")));

        assertThatThrownBy(() -> VERIFIER.verify(StatementFile.sign(
                        creatorStatement(), evidence(some, grant, batch, entry, 0, 1, 2, 3, 7), PLATFORM)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("evidence/unsigned"))
                .hasMessageContaining("not signed by " + missing);
    }

    @Test
    void whoHasNoWorkShownNeedNotHaveSignedForAnothersStatement() {
        ContractDocument unsigned = ContractDocument.parse(contract.json().with("signatures", Json.array(List.of())));
        ContractDocument some = signed(unsigned, List.of("buyer-7", "curator-11", "creator-1"));

        VERIFIER.verify(
                StatementFile.sign(creatorStatement(), evidence(some, grant, batch, entry, 0, 1, 2, 3, 7), PLATFORM));
    }

    /** A co-op's signature under a creator's mandate is as good as the creator's own, and a mandate that is none is none. */
    @Test
    void aCreatorMayHaveSignedByMandate() {
        JdkEd25519 coop = JdkEd25519.ofSeed(Deliveries.seed("coop"));
        ContractDocument some = signed(
                ContractDocument.parse(contract.json().with("signatures", Json.array(List.of()))),
                List.of("buyer-7", "curator-11"));
        Mandate mandate = Mandate.sign(
                "m-1",
                "creator-1",
                "coop-1",
                Mandate.Reach.any(),
                Deliveries.START,
                Deliveries.START.plusSeconds(60),
                CREATOR);
        ContractDocument mandated = some.signUnder(mandate, coop, Deliveries.START);
        VERIFIER.verify(StatementFile.sign(
                creatorStatement(), evidence(mandated, grant, batch, entry, 0, 1, 2, 3, 7), PLATFORM));
        ContractDocument late = some.signUnder(mandate, coop, Deliveries.START.plusSeconds(60));
        lie("contract/mandate-time", creatorStatement(), evidence(late, grant, batch, entry, 0, 1, 2, 3, 7));
        Json.Obj widened = Changed.at(mandated.json(), "signatures[2].mandate.mandateId", "\"m-2\"");
        lie(
                "contract/mandate-signature",
                creatorStatement(),
                evidence(ContractDocument.parse(widened), grant, batch, entry, 0, 1, 2, 3, 7));
        Json.Obj others = Changed.at(mandated.json(), "signatures[2].party", "\"creator-2\"");
        lie(
                "contract/mandate-party",
                creatorStatement(),
                evidence(ContractDocument.parse(others), grant, batch, entry, 0, 1, 2, 3, 7));
    }

    private static List<Statement.Line> lines(long uses, String price, String share) {
        return List.of(line(Statement.Basis.CREATOR, uses, price, share));
    }

    private static Statement withLines(Statement statement, List<Statement.Line> lines) {
        return new Statement(
                statement.platform(),
                statement.party(),
                statement.period(),
                statement.from(),
                statement.to(),
                statement.currency(),
                statement.position(),
                statement.previous(),
                lines,
                List.of());
    }

    private static void lie(String reason, Statement statement, StatementEvidence evidence) {
        assertReason(() -> VERIFIER.verify(StatementFile.sign(statement, evidence, PLATFORM)), reason);
    }

    /** A lie whose batch is not the one in the log is caught by the log first; this one looks past that. */
    private void lie(String reason, Statement statement, StatementEvidence evidence, boolean logged) {
        assertThat(logged).isFalse();
        UnaryOperator<StatementEvidence> relog = given -> {
            StatementEvidence.Part part = given.parts().getFirst();
            List<Hash> log = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                log.add(MerkleTree.leafHash(i == 5 ? part.entry().encode() : new byte[] {(byte) i}));
            }
            Checkpoint checkpoint = new Checkpoint(PLATFORM.name(), 9, MerkleTree.root(log));
            given.log(checkpoint.sign(PLATFORM), MultiProof.prove(9, new TreeSet<>(List.of(5L)), MultiProof.of(log)));
            return given;
        };
        lie(reason, statement, relog.apply(evidence));
    }

    private static void assertReason(Runnable action, String reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
