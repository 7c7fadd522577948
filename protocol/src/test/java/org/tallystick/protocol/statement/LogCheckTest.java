package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;

/** What a file that verifies does not show alone, the whole log does. */
class LogCheckTest extends AnchoredFixture {
    private static final int AFTER = 14;

    /** The log as it is once both closes have said what they issued. */
    private void issued() {
        log.add(items("close-statements", 1, first().json()));
        log.add(items(
                "close-invoices", 1, Json.object().put("invoice", bill().json()).build()));
        log.add(items("close-statements", 2, second().json()));
        log.add(items(
                "close-invoices",
                2,
                Json.object().put("invoice", nextBill().json()).build()));
    }

    private static LogEntry.DocumentEntry items(String type, int number, Json.Obj item) {
        return document(
                type,
                Json.object()
                        .put("number", number)
                        .put("items", Json.array(List.of(item)))
                        .build());
    }

    private LogCheck.Seen against(byte[] file) {
        LogCheck check = new LogCheck(VERIFIER.verify(file));
        for (int at = 0; at < log.size(); at++) {
            check.entry(at, log.get(at));
        }
        return check.finish();
    }

    private byte[] next() {
        return secondFile(second());
    }

    @Test
    void anHonestLogBearsOutWhatItIssued() {
        issued();
        assertThat(against(firstFile()).checked()).hasSize(4).anyMatch(words -> words.startsWith("2 closes"));
        assertThat(against(next()).later()).isEmpty();
        assertThat(against(nextInvoiceFile(nextBill())).unchecked()).isEmpty();
    }

    @Test
    void anotherPaperForThePeriodIsFound() {
        issued();
        byte[] file = firstFile();
        log.set(12, items("close-statements", 1, second().json()));
        assertReason(() -> against(file), "log/another-paper");
        log.set(
                12,
                items(
                        "close-statements",
                        1,
                        Json.object().put("party", "x").put("currency", "USD").build()));
        assertReason(() -> against(file), "log/another-paper");
        log.set(12, items("close-statements", 1, first().json()));
        log.add(items("close-statements", 1, first().json()));
        assertReason(() -> against(file), "log/another-paper");
    }

    @Test
    void aPaperThatWasPassedOverIsFound() {
        issued();
        used = List.of();
        Statement alone = statement("creator-1", 10, List.of(), 0, Optional.empty());
        log.set(SECOND_CLOSE, close(alone, 10, 2));
        log.set(AFTER, items("close-statements", 2, alone.json()));
        byte[] file = file(alone, List.of(issued(SECOND_CLOSE, alone, false)), SECOND_CLOSE);
        assertThat(VERIFIER.verify(file).weaker()).isFalse();
        assertReason(() -> against(file), "log/previous");
    }

    private static Statement statement(
            String party,
            long position,
            List<Statement.Line> lines,
            long posted,
            Optional<org.tallystick.protocol.codec.Hash> previous) {
        return new Statement(
                org.tallystick.protocol.pricing.Notation.DECIMALS,
                "log.example/tally",
                party,
                "2026-02",
                Deliveries.START.plusSeconds(86_400),
                Deliveries.START.plusSeconds(2 * 86_400),
                "USD",
                position,
                previous,
                lines,
                List.of(total("cnf-1", Exact.ZERO, Exact.ZERO, 0, posted)));
    }

    @Test
    void whatLaterPapersCorrectIsSaid() {
        Statement.Line back = new Statement.Line(
                Statement.Kind.WITHDRAWAL,
                Statement.Basis.CREATOR,
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                first().lines().getFirst().worth(),
                first().lines().getFirst().exact().negated(),
                Optional.of(first().lineId(1)));
        issued();
        byte[] file = firstFile();
        Statement correcting = statement("creator-1", 10, List.of(back), 0, Optional.of(first().hash()));
        log.set(AFTER, items("close-statements", 2, correcting.json()));
        assertThat(against(file).later()).singleElement().asString().startsWith("1 lines of statement");
    }

    @Test
    void aKeyThatWasReplacedBeforeTheContractSignsNothing() {
        issued();
        log.set(0, log.get(BUYER));
        log.set(
                BUYER,
                document(
                        "key-rotated",
                        Json.object()
                                .put("id", "buyer-7")
                                .put("key", new DidKey(Deliveries.PLATFORM.publicKey()).toString())
                                .build()));
        byte[] file = file(first(), List.of(issued(FIRST_CLOSE, first(), false)), FIRST_CLOSE, 0, 1, 2, 3, 7);
        assertReason(() -> against(file), "log/key-replaced");
    }

    @Test
    void aPartyOrContractThatStandsTwiceIsFound() {
        issued();
        byte[] file = firstFile();
        log.add(party("buyer-7", new DidKey(Deliveries.PLATFORM.publicKey())));
        assertReason(() -> against(file), "log/party-twice");
        log.set(log.size() - 1, log.get(CONTRACT));
        assertReason(() -> against(file), "log/contract");
    }

    @Test
    void usesAfterTheEndOfTokenJobOrEdgeAreFound() {
        issued();
        byte[] file = firstFile();
        Json.Obj token = Json.object().put("token", grant.tokenId().toString()).build();
        log.add(ended("grant-revoked", token, 601));
        assertReason(() -> against(file), "log/revoked");
        log.set(log.size() - 1, ended("grant-revoked", token, 599));
        assertThat(against(file).checked()).isNotEmpty();
        log.set(
                log.size() - 1,
                ended("job-closed", Json.object().put("job", "job-1").build(), 601));
        assertReason(() -> against(file), "log/revoked");
        log.set(
                log.size() - 1,
                ended("job-closed", Json.object().put("job", "job-2").build(), 601));
        assertThat(against(file).checked()).isNotEmpty();
        log.removeLast();
        byte[] other = firstFile();
        log.set(
                0,
                document(
                        "edge-revoked",
                        Json.object().put("edge", 3).put("epoch", 2).build()));
        assertReason(() -> against(other), "log/revoked");
    }

    private static LogEntry ended(String type, Json.Obj body, int secondsBefore) {
        return new LogEntry.DocumentEntry(type, Deliveries.START.minusSeconds(secondsBefore), body);
    }

    @Test
    void closesFollowOneAnother() {
        issued();
        byte[] file = firstFile();
        log.add(close(second(), 10, 3));
        assertReason(() -> against(file), "log/closes");
        log.removeLast();
        log.set(SECOND_CLOSE, close(second(), 10, 3));
        assertReason(() -> against(file), "log/closes");
        log.set(SECOND_CLOSE, document("quiet", Json.object().build()));
        log.set(FIRST_CLOSE, document("quiet", Json.object().build()));
        assertReason(() -> against(file), "log/close");
    }

    /** The log has said that it proves more from entry 0 on; a statement of the older form for a later close is a lie. */
    @Test
    void anOldFormAfterTheChangeOfFormatIsRefused() {
        issued();
        byte[] old = creatorFile();
        assertThat(VERIFIER.verify(old).weaker()).isTrue();
        assertReason(() -> against(old), "log/old-form");
    }

    @Test
    void whatCannotBeReadIsSaid() {
        LogCheck check = new LogCheck(VERIFIER.verify(firstFile()));
        for (int at = 0; at < log.size(); at++) {
            check.entry(at, log.get(at));
        }
        check.missing("contract");
        check.missing("close-statements");
        assertThat(check.finish().unchecked()).singleElement().asString().contains("not at hand");
    }
}
