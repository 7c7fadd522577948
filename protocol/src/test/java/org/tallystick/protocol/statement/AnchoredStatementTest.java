package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Hmac;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;

/** A statement file of version 2 proves by the log all that it rests on; what the log does not know is refused. */
class AnchoredStatementTest extends AnchoredFixture {
    @Test
    void aStatementThatTheLogBearsOutVerifiesInFull() {
        PaperVerifier.Verified verified = VERIFIER.verify(firstFile());
        assertThat(verified.weaker()).isFalse();
        assertThat(verified.statement()).isEqualTo(first());
        assertThat(VERIFIER.verify(secondFile(second())).statement().total()).isZero();
        assertThat(VERIFIER.verify(creatorFile()).weaker())
                .as("a file of version 1")
                .isTrue();
    }

    @Test
    void aStatementTheLogNeverHeardOfIsRefused() {
        log.set(FIRST_CLOSE, close(second(), 8));
        assertReason(this::verifyFirst, "evidence/close");
        log.set(FIRST_CLOSE, close(other(), 8));
        assertReason(this::verifyFirst, "evidence/close");
        log.set(FIRST_CLOSE, close(first(), 7));
        assertReason(this::verifyFirst, "evidence/close");
        log.set(FIRST_CLOSE, document("invoice", close(first(), 8).body()));
        assertReason(this::verifyFirst, "evidence/close");
    }

    private Statement other() {
        return statement("creator-2", 8, first().lines(), 16_000);
    }

    private void verifyFirst() {
        VERIFIER.verify(firstFile());
    }

    @Test
    void aContractSignedByMadeUpKeysIsRefused() {
        LogEntry honest = log.get(BUYER);
        log.set(BUYER, party("buyer-7", new DidKey(Deliveries.PLATFORM.publicKey())));
        assertReason(this::verifyFirst, "evidence/key");
        log.set(BUYER, party("buyer-8", new DidKey(Deliveries.EDGE.publicKey())));
        assertReason(this::verifyFirst, "evidence/key");
        log.set(BUYER, document("job", ((LogEntry.DocumentEntry) honest).body()));
        assertReason(this::verifyFirst, "evidence/key");
        LogEntry contract = log.get(CONTRACT);
        log.set(BUYER, contract);
        log.set(CONTRACT, honest);
        assertReason(this::verifyFirst, "evidence/key");
    }

    @Test
    void aKeyThatWasRotatedInBeforeTheContractIsTheParties() {
        LogEntry.DocumentEntry party = (LogEntry.DocumentEntry) log.get(BUYER);
        log.set(BUYER, document("key-rotated", party.body().without("role")));
        verifyFirst();
    }

    @Test
    void whatIsCarriedOverIsWhatTheStatementBeforeEndsWith() {
        Exact before = Exact.parse("0.016", "x");
        secondIs("statement/before", total("cnf-1", Exact.ZERO, Exact.ZERO, 0, 0));
        secondIs("statement/before", total("cnf-1", before.plus(before), Exact.ZERO, 32_000, 0));
        secondIs("statement/before", total("cnf-1", before, Exact.ZERO, 0, 16_000));
        secondIs("evidence/contract", total("cnf-9", before, Exact.ZERO, 16_000, 0));
    }

    private void secondIs(String reason, Statement.ContractTotal total) {
        assertReason(() -> VERIFIER.verify(secondFile(second(total))), reason);
    }

    @Test
    void noStatementBeforeItIsPassedOver() {
        Statement statement = second();
        assertReason(
                () -> VERIFIER.verify(file(statement, List.of(issued(SECOND_CLOSE, statement, false)), SECOND_CLOSE)),
                "evidence/previous");
        List<Issued> twice = List.of(
                issued(SECOND_CLOSE, statement, false),
                issued(FIRST_CLOSE, first(), true),
                issued(FIRST_CLOSE, first(), true));
        assertReason(() -> VERIFIER.verify(file(statement, twice, SECOND_CLOSE)), "evidence/issued");
    }

    @Test
    void aCreatorsPartOfAFlatPriceIsWholeAndFallsDueOnce() {
        Statement due = flat(4, Exact.ZERO);
        assertThat(VERIFIER.verify(flatFile(due, 0, 3, 1, 2, 4, 5, 6)).statement())
                .isEqualTo(due);
        assertReason(() -> VERIFIER.verify(flatFile(flat(3, Exact.ZERO), 0, 1, 3, 4, 5, 6)), "evidence/own-works");
        Statement none = withLines(List.of(), total("cnf-1", Exact.ZERO, Exact.ZERO, 0, 0));
        assertReason(() -> VERIFIER.verify(flatFile(none, 0, 1, 2, 3, 4, 5, 6)), "statement/flat");
        Statement.Line line = due.lines().getFirst();
        Exact twice = line.worth().exact().plus(line.worth().exact());
        Statement doubled = withLines(
                List.of(line, line),
                total("cnf-1", Exact.ZERO, twice, 0, twice.floorMicros().longValueExact()));
        assertReason(() -> VERIFIER.verify(flatFile(doubled, 0, 1, 2, 3, 4, 5, 6)), "statement/flat");
    }

    private Statement flat(long works, Exact before) {
        Worth worth = new Worth(BigDecimal.valueOf(100), BigDecimal.ZERO, new BigDecimal("0.8"), works, WORKS);
        Statement.Line line = new Statement.Line(
                Statement.Kind.FLAT,
                Statement.Basis.CREATOR,
                "cnf-1",
                "",
                Scope.TRAINING,
                worth,
                worth.exact(),
                Optional.empty());
        long due = Statement.ContractTotal.toPost(before, line.exact(), BigInteger.ZERO)
                .longValueExact();
        return withLines(List.of(line), total("cnf-1", before, worth.exact(), 0, due));
    }

    private static Statement withLines(List<Statement.Line> lines, Statement.ContractTotal total) {
        return new Statement(
                Notation.DECIMALS,
                "log.example/tally",
                "creator-1",
                "2026-01",
                Deliveries.START,
                Deliveries.START.plusSeconds(86_400),
                "USD",
                8,
                Optional.empty(),
                lines,
                List.of(total));
    }

    @Test
    void saltsHideWhatCouldBeGuessed() {
        Statement nothing = withLines(List.of(), total("cnf-1", Exact.ZERO, Exact.ZERO, 0, 0));
        CloseKey other = CloseKey.derive(new byte[32], "log.example/tally", "2026-02");
        assertThat(KEY.salt(nothing.id()).commit(nothing.hash()))
                .isNotEqualTo(other.salt(nothing.id()).commit(nothing.hash()))
                .isNotEqualTo(nothing.hash());
        assertThat(KEY).hasToString("CloseKey");
        assertThat(Hmac.sha256(
                                "key".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                                "The quick brown fox jumps over the lazy dog")
                        .hex())
                .as("a known answer of HMAC-SHA-256")
                .isEqualTo("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
    }
}
