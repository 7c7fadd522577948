package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.metering.UsedWorks;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.Statement;

/**
 * Closes told line by line, as in {@code closes.txt}, in memory: receipts are a plain list, accounts a map. What a line
 * says is done or checked as it is reached; what must hold of every close is checked after each.
 */
final class CloseModel {
    private static final CloseForm PLAIN = new CloseForm(true, Commitments.PLAIN, List.of());
    static final String PLATFORM = "log.example/tally";
    static final Instant START = Instant.parse("2026-01-10T12:00:00Z");
    private static final Hash DATASET = Hash.of(new byte[32]);
    private static final List<CreatorRange> RANGES = List.of(
            new CreatorRange(new PartyId("creator-42"), 0, 4), new CreatorRange(new PartyId("creator-43"), 4, 8));

    /** One delivery; it stands once its edge has shipped it, until it has shipped that it is void. */
    private static final class Delivery {
        final String edge;
        final UsageKey key;
        final int work;
        final int period;
        boolean shipped;
        boolean voidPending;
        boolean voided;

        Delivery(String edge, UsageKey key, int work, int period) {
            this.edge = edge;
            this.key = key;
            this.work = work;
            this.period = period;
        }
    }

    private final Map<String, Contract> contracts = new TreeMap<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Period> closed = new ArrayList<>();
    private final Map<String, Statement> statements = new HashMap<>();
    private final Map<String, Hash> latest = new HashMap<>();
    private final Map<String, Invoice> invoices = new HashMap<>();
    private final Map<ContractId, Hash> latestInvoices = new HashMap<>();
    private final Map<String, List<CloseInput.BilledSet>> billed = new HashMap<>();
    private final Map<String, Map<PartyId, CloseInput.PayeeTotal>> payeeTotals = new HashMap<>();
    private final Map<String, CloseInput.ContractTotal> contractTotals = new HashMap<>();
    private final Map<String, Long> balances = new TreeMap<>();
    private final Set<Hash> transferIds = new HashSet<>();
    private final FractionPapers papers = new FractionPapers();
    private Instant now = START;

    void run(String script) {
        for (String line : script.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                List<String> words = List.of(line.split("\\s+"));
                line(line, words.getFirst(), words.subList(1, words.size()));
            }
        }
    }

    private void line(String line, String what, List<String> words) {
        switch (what) {
            case "contract" -> contract(words);
            case "fund" -> fund(words.get(0), words.get(1));
            case "use" -> words.subList(3, words.size()).forEach(work -> use(words, work));
            case "void" -> words.subList(3, words.size()).forEach(work -> takeBack(words, work));
            case "ship" -> words.forEach(this::ship);
            case "revoke" -> revoke(words.getFirst());
            case "pay" -> move("payable:" + words.get(0), "cash:USD", micros("USD", words.get(1)));
            case "close" -> close(words.getFirst());
            case "balance" -> words.forEach(this::balance);
            case "lines" -> lines(line, words);
            case "invoice" -> invoice(line, words);
            case "bill" -> bill(line, words);
            default -> throw new IllegalArgumentException("no such line: " + line);
        }
    }

    private static long micros(String currency, String amount) {
        return Money.parse(Currency.of(currency), amount).micros().longValueExact();
    }

    private void contract(List<String> words) {
        contracts.put(words.getFirst(), TableContract.of(words, contracts.size(), DATASET, now));
    }

    private Contract of(String id) {
        return Objects.requireNonNull(contracts.get(id));
    }

    private static String currency(Contract contract) {
        return contract.document().pricing().price().currency();
    }

    private void fund(String id, String amount) {
        String currency = currency(of(id));
        long micros = micros(currency, amount);
        move("cash:" + currency, "escrow:" + id, micros);
        long owed = Math.min(micros, -balances.getOrDefault("receivable:" + id, 0L));
        if (owed > 0) {
            move("escrow:" + id, "receivable:" + id, owed);
        }
    }

    private void move(String from, String to, long micros) {
        balances.merge(from, -micros, Long::sum);
        balances.merge(to, micros, Long::sum);
    }

    private UsageKey key(List<String> words) {
        return new UsageKey(
                new ContractId(words.get(1)),
                new JobId(words.get(2)),
                words.get(2).startsWith("embed") ? Scope.EMBEDDING : Scope.TRAINING);
    }

    private void use(List<String> words, String work) {
        int ordinal = Integer.parseInt(work.substring(1));
        deliveries.add(new Delivery(words.getFirst(), key(words), ordinal, closed.size() + 1));
    }

    private void takeBack(List<String> words, String work) {
        int ordinal = Integer.parseInt(work.substring(1));
        deliveries.reversed().stream()
                .filter(at -> at.edge.equals(words.getFirst()) && at.key.equals(key(words)) && at.work == ordinal)
                .findFirst()
                .orElseThrow()
                .voidPending = true;
    }

    private void ship(String edge) {
        for (Delivery delivery : deliveries) {
            if (delivery.edge.equals(edge)) {
                delivery.shipped = true;
                delivery.voided = delivery.voidPending;
            }
        }
    }

    private void revoke(String id) {
        Contract old = of(id);
        contracts.put(
                id,
                new Contract(
                        old.id(),
                        old.position(),
                        old.document(),
                        old.buyer(),
                        old.curator(),
                        old.datasetVersion(),
                        old.accepted(),
                        old.ends(),
                        Optional.of(new Contract.Revocation(90, now, old.buyer(), "over"))));
    }

    private List<UsedWorks> used(String contract) {
        Map<UsageKey, List<RoaringBitmap>> found = new HashMap<>();
        Map<UsageKey, RoaringBitmap> met = new HashMap<>();
        for (int period = 1; period <= closed.size() + 1; period++) {
            for (Delivery delivery : deliveries) {
                UsageKey key = delivery.key;
                if (delivery.period == period
                        && delivery.shipped
                        && !delivery.voided
                        && key.contract().value().equals(contract)
                        && met.computeIfAbsent(key, k -> new RoaringBitmap()).checkedAdd(delivery.work)) {
                    found.computeIfAbsent(key, k -> empties()).get(period - 1).add(delivery.work);
                }
            }
        }
        // What is in a bill and stands no more is a set without works, as metering keeps it.
        deliveries.stream()
                .filter(delivery ->
                        delivery.shipped && delivery.key.contract().value().equals(contract))
                .forEach(delivery -> found.computeIfAbsent(delivery.key, k -> empties()));
        List<UsedWorks> used = new ArrayList<>();
        found.forEach((key, periods) -> used.add(new UsedWorks(key, DATASET, periods)));
        return used;
    }

    private List<RoaringBitmap> empties() {
        List<RoaringBitmap> periods = new ArrayList<>();
        while (periods.size() <= closed.size()) {
            periods.add(new RoaringBitmap());
        }
        return periods;
    }

    private CloseInput input(Period period) {
        List<CloseInput.OfContract> all = new ArrayList<>();
        contracts.forEach((id, contract) -> all.add(new CloseInput.OfContract(
                contract,
                RANGES,
                used(id),
                billed.getOrDefault(id, List.of()),
                payeeTotals.getOrDefault(id, Map.of()),
                contractTotals.getOrDefault(id, CloseInput.ContractTotal.NOTHING))));
        return new CloseInput(PLATFORM, period, 100 + closed.size(), closed, all, new CloseInput.Past() {
            @Override
            public Optional<Hash> latest(PartyId party, Currency currency) {
                return Optional.ofNullable(latest.get(party + " " + currency.code()));
            }

            @Override
            public Optional<Statement> statement(String id) {
                return Optional.ofNullable(statements.get(id));
            }
        });
    }

    private void close(String id) {
        now = now.plus(Duration.ofMinutes(10));
        Period period =
                new Period(id, closed.isEmpty() ? START : closed.getLast().to(), now);
        CloseInput input = input(period);
        CloseResult result = CloseCalculator.of(input);
        Transfers transfers = new Transfers(
                PLATFORM, period, name -> BigInteger.valueOf(balances.getOrDefault(name, 0L)), Optional.empty());
        List<Transfers.OfContract> moved =
                result.contracts().stream().map(transfers::of).toList();
        List<Invoice> made =
                Invoices.all(input, result, moved, contract -> Optional.ofNullable(latestInvoices.get(contract)));
        writtenAndRead(input, result, made, moved);
        sameInFractions(result);
        balancesFollow(result, moved);
        for (CloseResult.OfContract of : result.contracts()) {
            remember(of);
        }
        made.forEach(invoice -> {
            invoices.put(invoice.period() + " " + invoice.contract(), invoice);
            latestInvoices.put(new ContractId(invoice.contract()), invoice.hash());
            assertThat(Invoice.of(invoice.json()).json()).isEqualTo(invoice.json());
        });
        for (Sealed paper : result.statements()) {
            remember(paper);
        }
        closed.add(period);
        fits();
    }

    private void balancesFollow(CloseResult result, List<Transfers.OfContract> moved) {
        Set<String> asked = Transfers.accounts(result.contracts(), new Coverage(Map.of(), new TreeMap<>()));
        for (Transfers.OfContract of : moved) {
            for (Transfer transfer : of.transfers()) {
                assertThat(transfer.amount().micros()).isPositive();
                assertThat(transferIds.add(transfer.id()))
                        .as("a transfer has an id of its own")
                        .isTrue();
                for (String account : List.of(transfer.debit(), transfer.credit())) {
                    assertThat(asked.contains(account) || account.startsWith("fee") || account.startsWith("residue"))
                            .as(account + " was looked up")
                            .isTrue();
                }
                move(
                        transfer.debit(),
                        transfer.credit(),
                        transfer.amount().micros().longValueExact());
            }
        }
    }

    private void remember(CloseResult.OfContract of) {
        String id = of.contract().id().value();
        CloseInput.ContractTotal before = of.before();
        assertThat(before).isEqualTo(contractTotals.getOrDefault(id, CloseInput.ContractTotal.NOTHING));
        billed.computeIfAbsent(id, k -> new ArrayList<>()).addAll(of.parts());
        contractTotals.put(
                id,
                new CloseInput.ContractTotal(
                        before.gross().plus(of.gross()),
                        before.charged().add(of.charge()),
                        before.fee().plus(of.fee()),
                        before.feePosted().add(of.feePosted()),
                        of.flat()));
    }

    private void remember(Sealed paper) {
        Statement statement = paper.statement();
        assertThat(paper.id()).isEqualTo(statement.id());
        assertThat(paper.hash()).isEqualTo(statement.hash());
        String payee = statement.party() + " " + statement.currency();
        assertThat(statement.previous()).as("the chain of " + payee).isEqualTo(Optional.ofNullable(latest.get(payee)));
        latest.put(payee, statement.hash());
        statements.put(statement.id(), statement);
        for (Statement.ContractTotal total : statement.contracts()) {
            assertThat(currency(of(total.contract()))).isEqualTo(statement.currency());
            payeeTotals
                    .computeIfAbsent(total.contract(), k -> new HashMap<>())
                    .put(
                            new PartyId(statement.party()),
                            new CloseInput.PayeeTotal(
                                    total.exactAfter(), total.postedBefore().add(total.posted())));
        }
    }

    /** The papers of version 1, for closes up to release 0.1.0: other texts, the same amounts, each contract's own. */
    private void sameInFractions(CloseResult result) {
        CloseResult older = papers.restate(result);
        assertThat(older.notation()).isEqualTo(Notation.FRACTIONS);
        assertThat(older.statements()).hasSameSizeAs(result.statements());
        for (int i = 0; i < result.statements().size(); i++) {
            List<Statement.ContractTotal> totals =
                    result.statements().get(i).statement().contracts();
            List<Statement.ContractTotal> restated =
                    older.statements().get(i).statement().contracts();
            assertThat(restated).hasSameSizeAs(totals);
            for (int j = 0; j < totals.size(); j++) {
                assertThat(restated.get(j).exact().toExact())
                        .isEqualTo(totals.get(j).exact().toExact());
                assertThat(restated.get(j).exactAfter()).isEqualTo(totals.get(j).exactAfter());
            }
        }
    }

    /** What a close writes into the log says all that is to be done, and is read as it was written. */
    private void writtenAndRead(
            CloseInput input, CloseResult result, List<Invoice> made, List<Transfers.OfContract> moved) {
        List<Json.Obj> bodies = new ArrayList<>();
        Map<String, List<Fields>> items = new HashMap<>();
        for (Draft draft : CloseEntries.drafts(input, result, made, moved, PLAIN)) {
            Draft.Document document = (Draft.Document) draft;
            Fields body = Fields.of(document.body(), document.type());
            assertThat(body.integer("number", 1, 99)).isEqualTo(input.number());
            if (document.type().equals(CloseEntries.CLOSE)) {
                bodies.add(document.body());
                assertThat(CloseEntries.notation(body)).isEqualTo(result.notation());
                assertThat(body.text("root"))
                        .isEqualTo(CloseEntries.root(result.statements(), made, PLAIN)
                                .hex());
            } else {
                items.computeIfAbsent(document.type(), k -> new ArrayList<>()).addAll(body.objects("items"));
            }
        }
        assertThat(bodies).hasSize(1);
        List<CloseInput.BilledSet> sets = items.getOrDefault(CloseEntries.SETS, List.of()).stream()
                .map(item -> CloseEntries.set(item, input.number()))
                .toList();
        assertThat(sets)
                .isEqualTo(result.contracts().stream()
                        .flatMap(of -> of.parts().stream())
                        .toList());
        List<PostingGroup> groups = items.getOrDefault(CloseEntries.POSTINGS, List.of()).stream()
                .map(item -> CloseEntries.group(item, PLATFORM, input.period()))
                .toList();
        assertThat(groups.stream().map(PostingGroup::transfers).toList())
                .isEqualTo(moved.stream()
                        .map(Transfers.OfContract::transfers)
                        .filter(list -> !list.isEmpty())
                        .toList());
        assertThat(items.getOrDefault(CloseEntries.STATEMENTS, List.of()).stream()
                        .map(item -> Statement.of(item.object()).json())
                        .toList())
                .isEqualTo(result.statements().stream()
                        .map(paper -> paper.statement().json())
                        .toList());
        assertThat(items.getOrDefault(CloseEntries.INVOICES, List.of()).stream()
                        .map(item -> item.fields("invoice").object())
                        .toList())
                .isEqualTo(made.stream().map(Invoice::json).toList());
    }

    /** Nothing is made or lost, nothing that holds money is below zero, rounding keeps less than a micro a payee. */
    private void fits() {
        assertThat(balances.values().stream().mapToLong(Long::longValue).sum()).isZero();
        balances.forEach((account, micros) -> {
            if (!account.startsWith("cash") && !account.startsWith("rec")) {
                assertThat(micros).as(account).isNotNegative();
            }
            if (account.startsWith("rec")) {
                assertThat(micros).as(account).isNotPositive();
            }
            if (account.startsWith("residue")) {
                assertThat(micros).as(account).isLessThanOrEqualTo(4);
            }
        });
    }

    private void balance(String expected) {
        String account = expected.substring(0, expected.indexOf('='));
        String balance = Optional.ofNullable(balances.get(account))
                .map(micros -> Money.ofMicros(Currency.of("USD"), micros).toDecimal())
                .orElse("none");
        assertThat(account + "=" + balance).isEqualTo(expected);
    }

    private void lines(String line, List<String> words) {
        String head = line.substring(0, line.indexOf(':'));
        String currency = head.split("\\s+").length > 3 ? head.split("\\s+")[3] : "USD";
        String party = head.split("\\s+")[2];
        Statement statement =
                Objects.requireNonNull(statements.get(Statement.id(PLATFORM, words.getFirst(), party, currency)));
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
        for (Period period : closed) {
            String id = Statement.id(PLATFORM, period.id(), party, currency);
            if (line.startsWith(id)) {
                return period.id() + line.substring(id.length());
            }
        }
        return line;
    }

    private Invoice invoiceOf(List<String> words) {
        return Objects.requireNonNull(invoices.get(words.get(0) + " " + words.get(1)));
    }

    private void invoice(String line, List<String> words) {
        Invoice invoice = invoiceOf(words);
        assertThat("invoice " + words.getFirst() + " " + words.get(1) + " charged "
                        + decimal(invoice, invoice.charged()) + " escrow "
                        + decimal(invoice, invoice.fromEscrow()) + " due "
                        + decimal(invoice, invoice.due()))
                .isEqualTo(line);
    }

    private static String decimal(Invoice invoice, BigInteger micros) {
        return Money.ofMicros(Currency.of(invoice.currency()), micros).toDecimal();
    }

    /** bill PERIOD CONTRACT: KIND JOB USES EXACT [used in PERIOD]; ... = EXACT, fee EXACT */
    private void bill(String line, List<String> words) {
        Invoice invoice = invoiceOf(List.of(words.get(0), words.get(1).replace(":", "")));
        List<String> found = new ArrayList<>();
        for (Invoice.Line l : invoice.lines()) {
            found.add(l.kind().word() + " " + (l.job().isEmpty() ? "-" : l.job()) + " " + l.uses() + " " + l.exact()
                    + l.usedIn().map(period -> " used in " + period).orElse(""));
        }
        assertThat((String.join("; ", found) + " = " + invoice.total().exact() + ", fee " + invoice.fee()).strip())
                .isEqualTo(line.substring(line.indexOf(':') + 1).strip());
        assertThat(invoice.lines().stream()
                        .map(billed -> billed.exact().toExact())
                        .reduce(Exact.ZERO, Exact::plus))
                .as("the lines come to the invoice")
                .isEqualTo(invoice.total().exact());
    }

    /** The bills of a period, to look at one. */
    List<Invoice> invoices() {
        return Collections.unmodifiableList(new ArrayList<>(invoices.values()));
    }
}
