package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.ledger.TrialBalance;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Invoices;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.protocol.statement.Statement;

/** Closes told line by line, see {@code closes.txt}; what stands in a line is done or checked as it is reached. */
final class CloseScript {
    private final Market market;
    private final Map<String, Currency> currencies = new HashMap<>();
    private final Map<String, Grant> grants = new HashMap<>();
    private final Map<String, Market.TestEdge> edges = new LinkedHashMap<>();
    private final Map<String, Leaf> delivered = new HashMap<>();
    private final Map<Period, Close> closed = new LinkedHashMap<>();
    private final Map<String, byte[]> files = new HashMap<>();

    CloseScript(Market market) {
        this.market = market;
    }

    void run(String script) {
        for (String line : script.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                List<String> words = List.of(line.split("\\s+"));
                line(line, words.getFirst(), words.subList(1, words.size()));
            }
        }
        everythingFits();
    }

    private void line(String line, String what, List<String> words) {
        switch (what) {
            case "contract" -> contract(words);
            case "fund" -> fund(words);
            case "use" -> words.subList(3, words.size()).forEach(work -> use(words, work));
            case "void" -> words.subList(3, words.size()).forEach(work -> takeBack(words, work));
            case "ship" -> words.forEach(name -> edge(name).ship());
            case "revoke" ->
                market.world
                        .contracts
                        .revoke(ContractFixture.BUYER, new ContractId(words.getFirst()), "over")
                        .orThrow();
            case "close" -> close(words.getFirst());
            case "balance" -> words.forEach(this::balance);
            case "lines" -> lines(line, words);
            case "invoice" -> invoice(line, words);
            default -> throw new IllegalArgumentException("no such line: " + line);
        }
    }

    /** contract ID PRICE CURRENCY fee FEE A=SHARE,B=SHARE [flat] */
    private void contract(List<String> words) {
        String currency = words.get(2);
        currencies.put(words.getFirst(), Currency.of(currency));
        boolean flat = words.size() > 6;
        String suffix = currency.charAt(0) + currency.substring(1).toLowerCase(java.util.Locale.ROOT);
        List<String> splits = new ArrayList<>();
        for (String split : words.get(5).split(",")) {
            String[] parts = split.split("=");
            splits.add("{\"recipientId\":\"" + parts[0] + "\",\"share\":" + parts[1] + "}");
        }
        market.contract(
                words.getFirst(),
                "{\"model\":\"" + (flat ? "flat" : "micropay") + "\",\"unit\":\"" + (flat ? "contract" : "sample")
                        + "\",\"pricePerUnit" + suffix + "\":" + words.get(1) + "}",
                words.get(4),
                "[" + String.join(",", splits) + "]");
    }

    private void fund(List<String> words) {
        Money amount = Money.parse(
                Optional.ofNullable(currencies.get(words.getFirst())).orElseThrow(), words.get(1));
        market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, new ContractId(words.getFirst()), amount, words.get(2))
                .orThrow();
    }

    private Market.TestEdge edge(String name) {
        return edges.computeIfAbsent(name, market::edge);
    }

    private Grant grant(String contract, String job) {
        return grants.computeIfAbsent(
                contract + " " + job,
                key -> market.token(
                        market.job(new ContractId(contract), job),
                        job.startsWith("embed") ? Scope.EMBEDDING : Scope.TRAINING));
    }

    /** use EDGE CONTRACT JOB WORK... */
    private void use(List<String> words, String work) {
        Leaf leaf = edge(words.getFirst())
                .deliver(grant(words.get(1), words.get(2)), market.members.get(Integer.parseInt(work.substring(1))));
        delivered.put(String.join(" ", words.subList(0, 3)) + " " + work, leaf);
    }

    private void takeBack(List<String> words, String work) {
        String key = String.join(" ", words.subList(0, 3)) + " " + work;
        Leaf leaf = Optional.ofNullable(delivered.get(key)).orElseThrow();
        edge(words.getFirst()).takeBack(leaf, grant(words.get(1), words.get(2)));
    }

    private void close(String id) {
        Instant from = closed.isEmpty()
                ? ContractFixture.START
                : closed.keySet().stream()
                        .reduce((one, other) -> other)
                        .orElseThrow()
                        .to();
        market.world.clock.advance(Duration.ofMinutes(10));
        Period period = new Period(id, from, market.world.clock.instant());
        Close close = market.settlement().close(period).orThrow();
        closed.put(period, close);
        close.statements().forEach(statement -> files.put(statement, export(statement)));
    }

    private byte[] export(String statement) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        market.settlement().export(statement, out).orThrow();
        return out.toByteArray();
    }

    private void balance(String expected) {
        String account = expected.substring(0, expected.indexOf('='));
        String balance = market.read(tx -> market.ledger.balance(tx, account))
                .map(Money::toDecimal)
                .orElse("none");
        assertThat(account + "=" + balance).isEqualTo(expected);
    }

    /** lines PERIOD PARTY [CURRENCY]: KIND BASIS USES EXACT [corrects PERIOD/LINE]; ... */
    private void lines(String line, List<String> words) {
        String head = line.substring(0, line.indexOf(':'));
        String currency = head.split("\\s+").length > 3 ? head.split("\\s+")[3] : "USD";
        String party = head.split("\\s+")[2];
        Statement statement = market.settlement()
                .statement(Statement.id(ContractFixture.ORIGIN, words.getFirst(), party, currency))
                .orElseThrow()
                .statement();
        List<String> found = new ArrayList<>();
        for (Statement.Line l : statement.lines()) {
            found.add(l.kind().word() + " " + l.basis().word() + " " + l.worth().uses() + " " + l.exact()
                    + l.corrects()
                            .map(id -> " corrects " + named(id, party, currency))
                            .orElse(""));
        }
        assertThat(String.join("; ", found))
                .as(head)
                .isEqualTo(line.substring(line.indexOf(':') + 1).strip());
    }

    private String named(String line, String party, String currency) {
        for (Period period : closed.keySet()) {
            String id = Statement.id(ContractFixture.ORIGIN, period.id(), party, currency);
            if (line.startsWith(id)) {
                return period.id() + line.substring(id.length());
            }
        }
        return line;
    }

    /** invoice PERIOD CONTRACT charged X escrow Y due Z */
    private void invoice(String line, List<String> words) {
        Fields invoice = Fields.of(
                market.settlement()
                        .invoice(Invoices.id(ContractFixture.ORIGIN, words.getFirst(), new ContractId(words.get(1))))
                        .orElseThrow()
                        .document(),
                "invoice");
        assertThat("invoice " + words.getFirst() + " " + words.get(1) + " charged " + invoice.text("charged")
                        + " escrow " + invoice.text("from_escrow") + " due " + invoice.text("due"))
                .isEqualTo(line);
    }

    /** Everything adds up, every file verifies, and whatever is asked for again comes out as it was, to the byte. */
    private void everythingFits() {
        List<String> differences = market.read(tx -> market.settlement().check(tx));
        assertThat(differences).isEmpty();
        List<Difference> inLedger = market.read(tx -> market.ledger.check(tx));
        assertThat(inLedger).isEmpty();
        List<TrialBalance> sums = market.read(tx -> market.ledger.trialBalance(tx));
        assertThat(sums).allMatch(TrialBalance::isBalanced);
        assertThat(market.metering().check()).isEmpty();
        long size = market.world.log.size();
        PaperVerifier verifier = new PaperVerifier(Market.noteSigner().key(), ContractFixture.VERIFIER);
        market.restart();
        closed.forEach((period, close) -> {
            assertThat(market.settlement().close(period)).isEqualTo(Outcome.repeated(close));
            close.statements().forEach(id -> {
                assertThat(export(id)).as("file of " + id).isEqualTo(files.get(id));
                verifier.verify(Optional.ofNullable(files.get(id)).orElseThrow());
            });
            close.invoices()
                    .forEach(id ->
                            assertThat(verifier.verify(export(id)).paper().id()).isEqualTo(id));
        });
        assertThat(market.world.log.size()).isEqualTo(size);
        residues();
    }

    /** What rounding leaves stays below a micro a payee. */
    private void residues() {
        currencies.forEach((contract, currency) -> {
            BigInteger micros = market.read(tx -> market.ledger.balance(
                            tx,
                            Accounts.residue(new ContractId(contract), currency).name()))
                    .map(Money::micros)
                    .orElse(BigInteger.ZERO);
            assertThat(micros).as("residue of " + contract).isBetween(BigInteger.ZERO, BigInteger.valueOf(4));
        });
    }
}
