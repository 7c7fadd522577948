package org.tallystick.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.statement.Statement;

/** From any receipt up to what was paid for it, and from any payment down to receipts; in words a person can follow. */
class ExplainTest {
    @TempDir
    static Path dir;

    private static AuditWorld world;
    private static Explain explain;

    @BeforeAll
    static void open() {
        world = new AuditWorld(dir);
        explain = world.explain();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static Explanation explained(String ref) {
        return explain.explain(ref).orThrow();
    }

    private static String text(String ref) {
        return String.join("\n", explained(ref).text());
    }

    private static String usage(Member work) {
        return "u:cnf-1:job:1:training:" + work.content().hex();
    }

    private static String statement(String period, String party) {
        return Statement.id(ContractFixture.ORIGIN, period, party, "USD");
    }

    @Test
    void aReceiptLeadsUpToWhatWasPaid() {
        Explanation receipt = explained(world.delivered.receiptId());
        assertThat(receipt.kind()).isEqualTo("receipt");
        assertThat(String.join("\n", receipt.text()))
                .contains(
                        "Edge 1 delivered all 18 bytes of work " + world.delivered.content(),
                        "It is number 1 of the edge's epoch 1, leaf 1 of 2",
                        "a grant to buyer-7 for job job:1 of contract cnf-1, scope training");
        assertThat(receipt.madeOf()).isEmpty();
        assertThat(receipt.partOf()).containsExactly(usage(world.market.members.getFirst()));
        assertThat(receipt.parties()).containsExactlyInAnyOrder(new PartyId("buyer-7"), new PartyId("creator-42"));

        Explanation use = explained(receipt.partOf().getFirst());
        assertThat(use.kind()).isEqualTo("usage");
        assertThat(use.madeOf()).containsExactly(world.delivered.receiptId());
        assertThat(use.partOf())
                .containsExactly(
                        statement("2026-01", "creator-42") + "/1",
                        statement("2026-01", "curator-11") + "/1",
                        world.first.invoices().getFirst());

        Explanation line = explained(use.partOf().getFirst());
        assertThat(line.kind()).isEqualTo("line");
        assertThat(line.madeOf()).contains(receipt.partOf().getFirst());
        assertThat(line.partOf()).containsExactly(statement("2026-01", "creator-42"));
        assertThat(String.join("\n", line.text()))
                .contains("2 works by creator-42", "Amount: 2 x 0.005 USD x share 0.8 = 0.008 USD, exactly.");

        Explanation whole = explained(line.partOf().getFirst());
        assertThat(whole.kind()).isEqualTo("statement");
        assertThat(whole.madeOf()).containsExactly(use.partOf().getFirst());
        assertThat(String.join("\n", whole.text()))
                .contains("0.008 USD of it, under contract cnf-1, may be paid out from 2026-01-10T12:10:00.000Z");
        assertThat(whole.partOf()).isNotEmpty().allMatch(ref -> ref.startsWith("t-"));

        Explanation posting = explained(whole.partOf().getFirst());
        assertThat(posting.kind()).isEqualTo("posting");
        assertThat(posting.text().getFirst()).contains("0.008 USD moved from residue:cnf-1 to payable:creator-42");
        assertThat(posting.madeOf()).containsExactly(line.partOf().getFirst());
        assertThat(posting.parties()).containsExactly(new PartyId("creator-42"));
    }

    /** From everything one can begin with, downwards, everything found leads on and ends at receipts. */
    @Test
    void everyPaymentLeadsDownToReceipts() {
        Deque<String> open = new ArrayDeque<>();
        open.addAll(world.first.statements());
        open.addAll(world.second.statements());
        open.addAll(world.first.invoices());
        open.addAll(world.second.invoices());
        Set<String> seen = new HashSet<>(open);
        Set<String> kinds = new TreeSet<>();
        while (!open.isEmpty()) {
            Explanation found = explained(open.removeFirst());
            kinds.add(found.kind());
            assertThat(found.text()).isNotEmpty().noneMatch(String::isBlank);
            for (String next : List.copyOf(concat(found.madeOf(), found.partOf()))) {
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        assertThat(kinds).containsExactly("invoice", "line", "posting", "receipt", "statement", "usage");
        assertThat(seen).contains(world.delivered.receiptId());
    }

    private static List<String> concat(List<String> one, List<String> other) {
        List<String> all = new java.util.ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    @Test
    void anInvoiceOpensToTheUsesItBills() {
        Explanation invoice = explained(world.first.invoices().getFirst());
        assertThat(invoice.kind()).isEqualTo("invoice");
        assertThat(invoice.parties()).containsExactly(new PartyId("buyer-7"));
        assertThat(invoice.madeOf())
                .as("every number opens to what it was made of")
                .contains(usage(world.market.members.getFirst()), usage(world.market.members.get(5)));
        assertThat(String.join("\n", invoice.text())).contains("0.015 USD", "cnf-1", "buyer-7", "escrow");
    }

    @Test
    void aReceiptThatWasTakenBackSaysSoAndSoDoesTheOneThatTakesItBack() {
        assertThat(text(world.takenBack.receiptId())).contains("A later receipt voids it", "counts for nothing");
        assertThat(explained(world.takenBack.receiptId()).partOf())
                .as("it had been billed, and the correction names it")
                .contains(statement("2026-01", "creator-42") + "/1", statement("2026-02", "creator-42") + "/2");
        String voiding = "r-1-1-5";
        assertThat(text(voiding)).contains("took back delivery " + world.takenBack.receiptId());
        assertThat(explained(voiding).partOf()).contains(world.takenBack.receiptId());
    }

    @Test
    void aWithdrawalAndAnAdjustmentNameWhatTheyCorrect() {
        String corrected = statement("2026-01", "creator-42") + "/1";
        Statement second = world.market
                .settlement()
                .statement(statement("2026-02", "creator-42"))
                .orElseThrow()
                .statement();
        for (int line = 1; line <= second.lines().size(); line++) {
            if (second.lines().get(line - 1).kind() == Statement.Kind.WITHDRAWAL) {
                assertThat(text(second.lineId(line)))
                        .contains("whose deliveries have all been taken back", "It corrects " + corrected);
                assertThat(explained(second.lineId(line)).partOf()).contains(second.id(), corrected);
            }
        }
        assertThat(text(statement("2026-02", "creator-43") + "/1"))
                .contains("whose receipts came after its close", "It corrects");
    }

    @Test
    void aDepositIsAPostingWithoutAStatement() {
        String id = world.market
                .read(tx -> world.market.ledger.entries(tx, "cash:USD", java.util.Optional.empty(), 10))
                .items()
                .getFirst()
                .transferId()
                .hex();
        Explanation deposit = explained("t-" + id);
        assertThat(deposit.text()).anyMatch(line -> line.contains("from cash:USD to escrow:cnf-1"));
        assertThat(deposit.text()).anyMatch(line -> line.contains("wire-1"));
        assertThat(deposit.madeOf()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "r-1-1",
                "r-0-1-1",
                "r-1-1-01",
                "r-99999999999-1-1",
                "R-1-1-1",
                "t-123",
                "t-ABCDEF",
                "st-1",
                "st-0000000000000000000000000000000000000000/0",
                "iv-",
                "iv-0000000000000000000000000000000000000000/1",
                "u:",
                "u:::",
                "u:cnf-1:job-1:training:zz",
                "u:cnf-1:job-1:sleeping:0000000000000000000000000000000000000000000000000000000000000000",
                "cnf-1"
            })
    void whatIsNoReferenceIsRefusedWithTheFormsThereAre(String ref) {
        Problem problem = explain.explain(ref).refusal().orElseThrow();
        assertThat(problem.type()).isEqualTo("explain/malformed");
        assertThat(problem.detail()).contains("r-", "u:", "t-", "st-", "iv-");
    }

    @ParameterizedTest
    @CsvSource({
        "r-1-1-999, receipt r-1-1-999",
        "r-7-1-1, receipt r-7-1-1",
        "r-1-9-1, receipt r-1-9-1",
        "t-0000000000000000000000000000000000000000000000000000000000000000, posting",
        "st-0000000000000000000000000000000000000000, statement",
        "st-0000000000000000000000000000000000000000/1, statement",
        "iv-0000000000000000000000000000000000000000, invoice",
        "u:cnf-9:job-1:training:0000000000000000000000000000000000000000000000000000000000000000, use",
    })
    void whatIsNotKnownIsRefusedByWhatItWouldBe(String ref, String what) {
        Problem problem = explain.explain(ref).refusal().orElseThrow();
        assertThat(problem.type()).isEqualTo("explain/unknown");
        assertThat(problem.detail()).contains(ref).contains(what);
    }

    @Test
    void aLineThatAStatementDoesNotHaveSaysHowManyItHas() {
        String id = statement("2026-01", "creator-42");
        Problem problem = explain.explain(id + "/9").refusal().orElseThrow();
        assertThat(problem.type()).isEqualTo("explain/unknown");
        assertThat(problem.detail()).contains("1 line");
    }

    @Test
    void aWorkThatWasNotUsedSaysSo() {
        Problem problem =
                explain.explain(usage(world.market.members.get(7))).refusal().orElseThrow();
        assertThat(problem.type()).isEqualTo("explain/unknown");
        assertThat(problem.detail()).contains("was not used");
    }
}
