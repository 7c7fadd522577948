package org.tallystick.platform.settlement;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Words;
import org.tallystick.platform.metering.UsedWorks;
import org.tallystick.platform.settlement.closing.CloseCalculator;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.CloseForm;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.CloseResult;
import org.tallystick.platform.settlement.closing.Commitments;
import org.tallystick.platform.settlement.closing.FractionPapers;
import org.tallystick.platform.settlement.closing.Invoices;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.Transfers;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.platform.settlement.escrow.CreditEntry;
import org.tallystick.platform.settlement.escrow.Deposit;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.FormatChange;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * Computes every close again from what the log says alone, and compares the outcome with what the log has of it, entry by
 * entry and to the byte: what an auditor does. Needs no database. Used once, told the log's entries in their order.
 */
public final class Recomputation {
    /** What was used under a contract up to the entry that comes next, as metering counts it. */
    @FunctionalInterface
    public interface Usage {
        List<UsedWorks> used(ContractId contract, List<Instant> ends);
    }

    /**
     * A close that is to come.
     *
     * @param entry log position of its entry
     * @param position size of the log it is a function of
     * @param notation how its statements and invoices write exact amounts
     * @param coverage whether it credits payees only what is covered
     */
    public record Announced(long entry, long position, int number, Period period, Notation notation, boolean coverage) {
        /** What a close entry says of itself. */
        public static Announced of(long entry, LogEntry.DocumentEntry close) {
            Fields body = Fields.of(close.body(), CloseEntries.CLOSE);
            return new Announced(
                    entry,
                    body.integer("position", 0, entry),
                    (int) body.integer("number", 1, Integer.MAX_VALUE),
                    new Period(body.text("period"), body.instant("from"), body.instant("to")),
                    CloseEntries.notation(body),
                    CloseEntries.coverage(body));
        }
    }

    private record Computed(CloseInput input, CloseResult result, boolean coverage) {}

    private final Usage usage;
    private final String platform;
    private final Deque<Announced> announced;
    private final Deque<Computed> computed = new ArrayDeque<>();
    private final Deque<Draft.Document> expected = new ArrayDeque<>();
    private final Map<ContractId, Contract> contracts = new TreeMap<>();
    private final Map<Hash, List<CreatorRange>> ranges = new HashMap<>();
    private final Recomputed state = new Recomputed();
    private final FractionPapers fractions = new FractionPapers();
    private final List<String> differences = new ArrayList<>();
    private Commitments commitments = Commitments.PLAIN;
    private boolean changed;

    /**
     * @param platform the platform's name: the log's origin
     * @param closes all that the log holds, in its order
     */
    public Recomputation(String platform, Collection<Announced> closes, Usage usage) {
        this.platform = platform;
        this.announced = new ArrayDeque<>(closes);
        this.usage = usage;
    }

    /** Each creator's run of ordinals in a dataset version. */
    public void version(Hash root, List<CreatorRange> runs) {
        ranges.put(root, List.copyOf(runs));
    }

    /** To be called before each entry is counted: closes that are a function of the log so far are computed now. */
    public void reach(long position) {
        while (!announced.isEmpty() && announced.peekFirst().position() <= position) {
            Announced close = announced.removeFirst();
            CloseInput input = input(close);
            CloseResult result = CloseCalculator.of(input);
            if (close.notation() == Notation.FRACTIONS) {
                result = fractions.restate(result);
            }
            state.closed(input, result);
            computed.addLast(new Computed(input, result, close.coverage()));
        }
    }

    private CloseInput input(Announced close) {
        List<Instant> ends = CloseInput.ends(state.periods(), close.period());
        List<CloseInput.OfContract> of = new ArrayList<>();
        for (Contract contract : contracts.values()) {
            if (contract.accepted().isBefore(close.period().to())) {
                of.add(new CloseInput.OfContract(
                        contract,
                        Optional.ofNullable(ranges.get(contract.datasetVersion()))
                                .orElse(List.of()),
                        usage.used(contract.id(), ends),
                        state.parts(contract.id()),
                        state.payeeTotals(contract.id()),
                        state.contractTotal(contract.id())));
            }
        }
        return new CloseInput(platform, close.period(), close.position(), state.periods(), of, state);
    }

    /** The next document of the log; those of other rooms are passed over. */
    public void document(long position, LogEntry.DocumentEntry entry) {
        Fields body = Fields.of(entry.body(), entry.type());
        switch (entry.type()) {
            case "contract" -> contract(position, entry);
            case "contract-revoked" -> revoked(position, entry, body);
            case CloseEntries.FUNDED -> funded(entry, body);
            case FormatChange.TYPE -> changed = true;
            case CloseEntries.KEY -> {
                finish(position);
                commitments = CloseEntries.commitments(body);
            }
            case CreditEntry.TYPE -> state.credited(CreditEntry.of(body));
            case CloseEntries.CLOSE -> {
                begin(position);
                compare(position, entry);
            }
            case CloseEntries.SETS, CloseEntries.INVOICES, CloseEntries.POSTINGS, CloseEntries.STATEMENTS ->
                compare(position, entry);
            default -> {
                return; // another room's
            }
        }
    }

    private void contract(long position, LogEntry.DocumentEntry entry) {
        ContractDocument document = ContractDocument.recorded(entry.body());
        ContractId id = new ContractId(document.id());
        contracts.put(
                id,
                new Contract(
                        id,
                        position,
                        document,
                        new PartyId(document.buyer().orElseThrow()),
                        new PartyId(document.curator().orElseThrow()),
                        document.datasetVersion().orElseThrow(),
                        entry.time(),
                        document.endOf(
                                entry.time(),
                                document.replaces()
                                        .map(old -> contracts.get(new ContractId(old.contract())))
                                        .map(Contract::ends)),
                        Optional.empty()));
    }

    private void revoked(long position, LogEntry.DocumentEntry entry, Fields body) {
        contracts.computeIfPresent(
                new ContractId(body.text("contract")),
                (id, c) -> new Contract(
                        id,
                        c.position(),
                        c.document(),
                        c.buyer(),
                        c.curator(),
                        c.datasetVersion(),
                        c.accepted(),
                        c.ends(),
                        Optional.of(new Contract.Revocation(
                                position, entry.time(), new PartyId(body.text("by")), Words.clear(body, "reason")))));
    }

    private void funded(LogEntry.DocumentEntry entry, Fields body) {
        ContractId contract = new ContractId(body.text("contract"));
        Money amount = Money.parse(Currency.of(body.text("currency")), body.text("amount"));
        BigInteger owed = state.balance(
                        Accounts.receivable(contract, amount.currency()).name())
                .negate()
                .max(BigInteger.ZERO);
        state.funded(body.text("reference"), contract, amount);
        state.post(Deposit.group(contract, amount, owed, body.text("reference"), entry.time()));
    }

    /** Makes the entries a close should have, from the state of escrow where it stands. */
    private void begin(long position) {
        finish(position);
        Computed close = computed.pollFirst();
        if (close == null) {
            differences.add("log entry " + position + ": a close of a log that is not there yet");
            return;
        }
        Transfers transfers = new Transfers(
                platform,
                close.input().period(),
                state::balance,
                close.coverage() ? Optional.of(state.coverage()) : Optional.empty());
        List<Transfers.OfContract> moved = new ArrayList<>(
                close.result().contracts().stream().map(transfers::of).toList());
        List<Invoice> invoices = Invoices.all(close.input(), close.result(), moved, state::invoiced);
        if (changed && commitments.key().isEmpty()) {
            differences.add("log entry " + position + ": a close in the format of before the log's change of format");
        }
        if (close.coverage()) {
            Set<ContractId> closed = close.result().contracts().stream()
                    .map(of -> of.contract().id())
                    .collect(Collectors.toSet());
            for (ContractId other : state.coverage().others(closed)) {
                Currency currency = Currency.of(Objects.requireNonNull(contracts.get(other))
                        .document()
                        .pricing()
                        .price()
                        .currency());
                moved.add(transfers.waiting(other, currency));
            }
        }
        CloseForm form = CloseForm.of(close.coverage(), commitments, close.result());
        for (Draft draft : CloseEntries.drafts(close.input(), close.result(), invoices, moved, form)) {
            if (draft instanceof Draft.Document document && !document.type().equals(CloseEntries.KEY)) {
                expected.addLast(document);
                if (document.type().equals(CloseEntries.POSTINGS)) {
                    Fields.of(document.body(), document.type()).objects("items").stream()
                            .map(item -> CloseEntries.group(
                                    item, platform, close.input().period()))
                            .forEach(state::post);
                }
            }
        }
        state.issued(close.input(), position, close.result(), invoices, form);
        commitments = Commitments.PLAIN;
    }

    private void compare(long position, LogEntry.DocumentEntry entry) {
        Draft.Document due = expected.pollFirst();
        if (due == null || !due.type().equals(entry.type()) || !due.body().equals(entry.body())) {
            String what = due == null ? "nothing" : "another " + due.type();
            differences.add("log entry " + position + ": " + entry.type() + " is not what the log before it comes to: "
                    + what + " is");
        }
    }

    private void finish(long position) {
        if (!expected.isEmpty()) {
            differences.add("log entry " + position + ": the close before it lacks "
                    + expected.peekFirst().type());
            expected.clear();
        }
    }

    /** Closes computed. */
    public int closes() {
        return state.periods().size();
    }

    /** Statements computed, over all closes. */
    public int statements() {
        return state.statements();
    }

    /** What of the log is not what it should be; to be asked when all of it has been told. */
    public List<String> differences() {
        finish(Long.MAX_VALUE);
        return List.copyOf(differences);
    }

    /** What the tables should hold. */
    Recomputed recomputed() {
        return state;
    }
}
