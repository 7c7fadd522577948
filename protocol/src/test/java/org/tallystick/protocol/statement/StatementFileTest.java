package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Mandate;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/** A true statement verifies; every change to it and every lie about it is caught. */
class StatementFileTest extends StatementFixture {
    @Test
    void aTrueStatementVerifiesFromThePlatformsKeyAlone() {
        PaperVerifier.Verified verified = VERIFIER.verify(creatorFile());
        assertThat(verified.statement()).isEqualTo(creatorStatement());
        assertThat(verified.receipts()).isEqualTo(5);
        assertThat(verified.works())
                .as("the second receipt of a work adds nothing")
                .isEqualTo(4);
        assertThat(verified.statement().total()).isEqualTo(16_000);
        Statement curator =
                statement("curator-11", 7, List.of(line(Statement.Basis.RECIPIENT, 7, "0.005", "0.2")), 7_000);
        byte[] file = PaperFile.sign(curator, evidence(0, 1, 2, 3, 4, 5, 6), PLATFORM);
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
        byte[] file = PaperFile.sign(creatorStatement(), evidence(0, 1, 2, 3), other);
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

    /** The platform cannot make receipts: their batch is signed by the edge's certified key or counts for nothing. */
    @Test
    void aBatchThatItsEdgeHasNotSignedIsRefused() {
        byte[] leaves = new byte[10 * Leaf.LENGTH];
        for (int i = 0; i < 10; i++) {
            System.arraycopy(batch.leaf(i).encode(), 0, leaves, i * Leaf.LENGTH, Leaf.LENGTH);
        }
        Batch forged = Batch.seal(leaves, BatchHeader.NONE, Deliveries.PLATFORM);
        lie("batch/signature", creatorStatement(), evidence(contract, grant, forged, entry(forged), 0, 1, 2, 3), false);
    }

    /** What is carried over decides what is posted, so every part of it is tied to the rest. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.016000, -0.016000, all receipts shown and nothing due",
        "0.016, 0.000000, 0.032000, an amount paid twice",
        "0.016, 0.032000, -0.016000, a total below what was earned",
        "0.016, 0.016000, 0.016000, something before the first statement",
        "-0.016, 0.000000, 0.000000, less than nothing before",
    })
    void postedBeforeIsTheExactSumBefore(String exactBefore, String postedBefore, String posted, String lie) {
        Json.Obj json = creatorStatement().json();
        Json.Obj changed = Changed.at(json, "contracts[0].exact_before", '"' + exactBefore + '"');
        changed = Changed.at(changed, "contracts[0].posted_before", '"' + postedBefore + '"');
        changed = Changed.at(changed, "contracts[0].posted", '"' + posted + '"');
        Json.Obj total = Changed.at(changed, "total", '"' + posted + '"');
        assertThatThrownBy(
                        () -> VERIFIER.verify(PaperFile.sign(Statement.of(total), evidence(0, 1, 2, 3, 7), PLATFORM)))
                .as(lie)
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).isIn("statement/before", "statement/posted"));
    }

    /** A party that made works and has a share besides is paid for the same receipts twice over, by two lines. */
    @Test
    void neitherOfTwoLinesOnTheSameReceiptsCanBeLeftOut() {
        ContractDocument both = signed(
                ContractDocument.parse(Changed.at(
                        contract.json().with("signatures", Json.array(List.of())),
                        "payout.split[1].recipientId",
                        "\"creator-1\"")),
                SIGNERS);
        StatementEvidence all = evidence(both, grant, batch, entry, 0, 1, 2, 3, 4, 5, 6);
        Statement.Line made = line(Statement.Basis.CREATOR, 4, "0.005", "0.8");
        Statement.Line share = line(Statement.Basis.RECIPIENT, 7, "0.005", "0.2");
        Exact sum = made.worth().exact().plus(share.worth().exact());
        Statement honest = withTotals(
                statement("creator-1", 7, List.of(made, share), 16_000),
                List.of(new Statement.ContractTotal(
                        "cnf-1", Exact.ZERO, sum, BigInteger.ZERO, BigInteger.valueOf(23_000))));
        VERIFIER.verify(PaperFile.sign(honest, all, PLATFORM));
        lie("statement/line-missing", statement("creator-1", 7, List.of(made), 16_000), all);
        lie("statement/line-missing", statement("creator-1", 7, List.of(share), 7_000), all);
    }

    private static LogEntry.BatchEntry entry(Batch batch) {
        return new LogEntry.BatchEntry(Sha256.hash(batch.encode()), 0, batch.length(), batch.signed());
    }

    @Test
    void aFlatPriceIsPaidByTheWorksInTheVersion() {
        StatementEvidence evidence = flatEvidence(0, 1, 2, 3, 4, 5, 6);
        assertThat(flatStatement(4).lines().getFirst().exact())
                .hasToString("45.714285714285714285714285714285714285714285714285");
        byte[] file = PaperFile.sign(flatStatement(4), evidence, PLATFORM);
        assertThat(VERIFIER.verify(file).statement().total()).isEqualTo(45_714_285);
        lie("statement/part", flatStatement(5), evidence);
        lie("statement/part", flatStatement(3), evidence);
    }

    @Test
    void roundingIsCarriedAndNeverReachesAMicro() {
        Seeds.check(200, random -> {
            for (Notation notation : Notation.values()) {
                StatedAmount before = notation.zero();
                BigInteger posted = BigInteger.ZERO;
                for (int period = 0; period < 20; period++) {
                    BigDecimal price = BigDecimal.valueOf(1 + random.nextLong(1_000_000_000L), 12);
                    BigDecimal share = new BigDecimal("0.333333333333");
                    StatedAmount exact =
                            notation.worth(new Worth(price, BigDecimal.ZERO, share, 1 + random.nextInt(50), 0));
                    BigInteger due = Statement.ContractTotal.toPost(before, exact, posted);
                    assertThat(due.signum()).isNotNegative();
                    posted = posted.add(due);
                    before = before.plus(exact);
                    assertThat(before.floorMicros()).isEqualTo(posted);
                }
            }
        });
    }

    /** A statement of more than 2^63 micros is written, read and totalled like any other. */
    @Test
    void amountsPast64BitsAreOrdinary() {
        BigInteger most = Statement.MOST;
        List<Statement.ContractTotal> totals = new ArrayList<>();
        Exact exact = Exact.parse("1000000000000000000000000", "x");
        for (int i = 0; i < 10; i++) {
            totals.add(new Statement.ContractTotal("cnf-" + i, Exact.ZERO, exact, BigInteger.ZERO, most));
        }
        Statement wide = withTotals(creatorStatement(), totals);
        assertThat(Statement.ContractTotal.toPost(Exact.ZERO, exact, BigInteger.ZERO))
                .isEqualTo(most);
        assertThat(wide.total()).isEqualTo(most.multiply(BigInteger.TEN));
        assertThat(Statement.micros(wide.total())).isEqualTo("10000000000000000000000000.000000");
        assertThat(Statement.of(wide.json())).isEqualTo(wide);
    }

    /** A file may say anything; sums beyond all amounts are refused like every other lie. */
    @Test
    void amountsGreaterThanAnyMoneyAreRefusedByName() {
        Exact much = Exact.parse("999999999999999999999999999999", "x");
        assertReason(() -> Statement.ContractTotal.toPost(much, much, BigInteger.ZERO), "statement/posted");
        List<Statement.Line> lines = new ArrayList<>();
        for (int i = 0; i < 2_100; i++) {
            lines.add(line(Statement.Basis.CREATOR, (1L << 52) - 1, "0.005", "0.8"));
        }
        lie("statement/uses", withLines(creatorStatement(), lines), evidence(0, 1, 2, 3));
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

        assertThatThrownBy(() -> VERIFIER.verify(PaperFile.sign(
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
                PaperFile.sign(creatorStatement(), evidence(some, grant, batch, entry, 0, 1, 2, 3, 7), PLATFORM));
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
        VERIFIER.verify(
                PaperFile.sign(creatorStatement(), evidence(mandated, grant, batch, entry, 0, 1, 2, 3, 7), PLATFORM));
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
        return with(statement, lines, List.of());
    }

    private static Statement withTotals(Statement statement, List<Statement.ContractTotal> totals) {
        return with(statement, statement.lines(), totals);
    }

    private static Statement with(
            Statement statement, List<Statement.Line> lines, List<Statement.ContractTotal> totals) {
        return new Statement(
                statement.notation(),
                statement.platform(),
                statement.party(),
                statement.period(),
                statement.from(),
                statement.to(),
                statement.currency(),
                statement.position(),
                statement.previous(),
                lines,
                totals);
    }

    private static void lie(String reason, Statement statement, StatementEvidence evidence) {
        assertReason(() -> VERIFIER.verify(PaperFile.sign(statement, evidence, PLATFORM)), reason);
    }

    /** A lie whose batch is not the one in the log is caught by the log first; this one looks past that. */
    private void lie(String reason, Statement statement, StatementEvidence evidence, boolean logged) {
        assertThat(logged).isFalse();
        UnaryOperator<StatementEvidence> relog = given -> {
            StatementEvidence.BatchPart part = given.parts().getFirst();
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
}
