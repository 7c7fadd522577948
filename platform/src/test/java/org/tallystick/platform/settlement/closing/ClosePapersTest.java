package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.tree.MerkleTree;

/** Ids of papers, numbers of their lines, the root over them, and how many stand in one entry of the log. */
class ClosePapersTest {
    private static final CloseForm PLAIN = new CloseForm(true, Commitments.PLAIN, List.of());
    private static final Period PERIOD = new Period("p1", Instant.EPOCH, Instant.ofEpochSecond(9));

    private static Invoice invoice(String contract, Invoice.Line... lines) {
        return new Invoice(
                Notation.DECIMALS,
                CloseModel.PLATFORM,
                PERIOD.id(),
                PERIOD.from(),
                PERIOD.to(),
                7,
                contract,
                "buyer-7",
                "USD",
                Optional.empty(),
                List.of(lines),
                new Statement.ContractTotal(contract, Exact.ZERO, Exact.ZERO, BigInteger.ZERO, BigInteger.ZERO),
                Exact.ZERO,
                BigInteger.ZERO);
    }

    private static Invoice.Line line(String job) {
        return new Invoice.Line(
                Statement.Kind.USAGE, job, Scope.TRAINING, 1, BigDecimal.ONE, Exact.ZERO, Optional.empty());
    }

    private static Sealed statement(String party) {
        return Sealed.of(new Statement(
                Notation.DECIMALS,
                CloseModel.PLATFORM,
                party,
                PERIOD.id(),
                PERIOD.from(),
                PERIOD.to(),
                "USD",
                7,
                Optional.empty(),
                List.of(),
                List.of()));
    }

    @Test
    void anInvoicesIdFollowsFromPlatformPeriodAndContract() {
        String named = "tallystick-invoice/v1\nlog.example/tally\np1\nc1";
        String expected = "iv-"
                + Sha256.hash(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 40);
        assertThat(invoice("c1").id()).isEqualTo(expected);
        assertThat(Invoices.id(CloseModel.PLATFORM, "p1", new ContractId("c1"))).isEqualTo(expected);
        assertThat(Invoices.id(CloseModel.PLATFORM, "p2", new ContractId("c1"))).isNotEqualTo(expected);
    }

    @Test
    void linesOfAnInvoiceAreNumberedFromOne() {
        List<Fields> lines = Fields.of(
                        invoice("c1", line("a"), line("b"), line("c")).json(), "invoice")
                .objects("lines");
        assertThat(lines.stream().map(line -> line.integer("line", 0, 9) + " " + line.text("job")))
                .containsExactly("1 a", "2 b", "3 c");
    }

    @Test
    void theRootIsOverStatementsAsTheyComeThenInvoicesById() {
        List<Sealed> statements = List.of(statement("a"), statement("b"));
        List<Invoice> invoices =
                Stream.of("c1", "c2", "c3").map(id -> invoice(id)).toList();
        List<Hash> leaves = new ArrayList<>();
        statements.forEach(paper -> leaves.add(MerkleTree.leafHash(paper.hash().toBytes())));
        invoices.stream()
                .sorted(Comparator.comparing(Invoice::id))
                .forEach(paper -> leaves.add(MerkleTree.leafHash(paper.hash().toBytes())));
        assertThat(CloseEntries.root(statements, invoices, PLAIN)).isEqualTo(MerkleTree.root(leaves));
        assertThat(CloseEntries.root(statements, invoices.reversed(), PLAIN)).isEqualTo(MerkleTree.root(leaves));
        assertThat(CloseEntries.root(List.of(), List.of(), PLAIN)).isEqualTo(MerkleTree.emptyRoot());
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "1, 1", "499, 499", "500, 500", "501, 500 1", "1000, 500 500", "1001, 500 500 1"})
    void atMost500StatementsStandInOneEntryAndNoneIsEmpty(int count, String sizes) {
        List<Sealed> statements = Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> statement("party-" + i))
                .toList();
        CloseInput input = new CloseInput(CloseModel.PLATFORM, PERIOD, 7, List.of(), List.of(), new CloseInput.Past() {
            @Override
            public Optional<Hash> latest(PartyId party, Currency currency) {
                return Optional.empty();
            }

            @Override
            public Optional<Statement> statement(String id) {
                return Optional.empty();
            }
        });
        CloseResult result = new CloseResult(Notation.DECIMALS, statements, List.of(), List.of());
        List<String> found = new ArrayList<>();
        for (Draft draft : CloseEntries.drafts(input, result, List.of(), List.of(), PLAIN)) {
            Draft.Document document = (Draft.Document) draft;
            if (document.type().equals(CloseEntries.STATEMENTS)) {
                found.add(Integer.toString(
                        Fields.of(document.body(), "entry").objects("items").size()));
            }
        }
        assertThat(String.join(" ", found)).isEqualTo(sizes);
    }
}
