package org.tallystick.platform.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.CloseForm;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.CloseResult;
import org.tallystick.platform.settlement.closing.Coverage;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.Sealed;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.escrow.CreditEntry;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.Statement;

/** What the tables of settlement and ledger should hold, made in memory as a {@link Recomputation} goes on. */
final class Recomputed implements CloseInput.Past {
    private final List<Period> periods = new ArrayList<>();
    private final Map<ContractId, List<CloseInput.BilledSet>> parts = new HashMap<>();
    private final Map<ContractId, Map<PartyId, CloseInput.PayeeTotal>> payeeTotals = new HashMap<>();
    private final Map<ContractId, CloseInput.ContractTotal> contractTotals = new HashMap<>();
    private final Map<String, Statement> statements = new HashMap<>();
    private final Map<String, Hash> latest = new HashMap<>();
    private final Map<ContractId, BigInteger> limits = new HashMap<>();
    private final SortedMap<String, BigInteger> balances = new TreeMap<>();
    private final Map<Hash, PostingGroup> postings = new HashMap<>();
    private final Map<String, SettlementStore.FundingRow> fundings = new HashMap<>();
    private final List<SettlementStore.CloseRow> closes = new ArrayList<>();
    private final Map<String, Hash> issued = new TreeMap<>();
    private final Map<ContractId, Hash> invoiced = new HashMap<>();

    /** What a close changes of what the next one depends on. */
    void closed(CloseInput input, CloseResult result) {
        periods.add(input.period());
        for (CloseResult.OfContract of : result.contracts()) {
            parts.computeIfAbsent(of.contract().id(), id -> new ArrayList<>()).addAll(of.parts());
            contractTotals.put(
                    of.contract().id(),
                    new CloseInput.ContractTotal(
                            of.before().gross().plus(of.gross()),
                            of.before().charged().add(of.charge()),
                            of.before().fee().plus(of.fee()),
                            of.before().feePosted().add(of.feePosted()),
                            of.flat()));
        }
        for (Sealed item : result.statements()) {
            Statement statement = item.statement();
            statements.put(item.id(), statement);
            latest.put(statement.party() + " " + statement.currency(), item.hash());
            for (Statement.ContractTotal total : statement.contracts()) {
                payeeTotals
                        .computeIfAbsent(new ContractId(total.contract()), id -> new HashMap<>())
                        .put(
                                new PartyId(statement.party()),
                                new CloseInput.PayeeTotal(
                                        total.exactAfter(), total.postedBefore().add(total.posted())));
            }
        }
    }

    /** What a close issues. */
    void issued(CloseInput input, long entry, CloseResult result, List<Invoice> invoices, CloseForm form) {
        closes.add(new SettlementStore.CloseRow(
                input.number(),
                input.period(),
                entry,
                input.position(),
                CloseEntries.root(result.statements(), invoices, form)));
        result.statements().forEach(statement -> issued.put(statement.id(), statement.hash()));
        invoices.forEach(invoice -> {
            issued.put(invoice.id(), invoice.hash());
            invoiced.put(new ContractId(invoice.contract()), invoice.hash());
        });
    }

    void funded(String reference, ContractId contract, Money amount) {
        fundings.put(reference, new SettlementStore.FundingRow(contract, amount));
    }

    void post(PostingGroup group) {
        postings.put(group.id(), group);
        for (Transfer transfer : group.transfers()) {
            balances.merge(transfer.debit(), transfer.amount().micros().negate(), BigInteger::add);
            balances.merge(transfer.credit(), transfer.amount().micros(), BigInteger::add);
        }
    }

    BigInteger balance(String account) {
        return balances.getOrDefault(account, BigInteger.ZERO);
    }

    void credited(CreditEntry credit) {
        limits.put(credit.contract(), credit.limit().micros());
    }

    Coverage coverage() {
        List<String> waiting = balances.subMap("uncovered:", "uncovered;").entrySet().stream()
                .filter(account -> account.getValue().signum() > 0)
                .map(Map.Entry::getKey)
                .toList();
        return new Coverage(limits, Coverage.waiting(waiting));
    }

    List<Period> periods() {
        return List.copyOf(periods);
    }

    List<CloseInput.BilledSet> parts(ContractId contract) {
        return parts.getOrDefault(contract, List.of());
    }

    Map<PartyId, CloseInput.PayeeTotal> payeeTotals(ContractId contract) {
        return payeeTotals.getOrDefault(contract, Map.of());
    }

    CloseInput.ContractTotal contractTotal(ContractId contract) {
        return contractTotals.getOrDefault(contract, CloseInput.ContractTotal.NOTHING);
    }

    @Override
    public Optional<Hash> latest(PartyId party, Currency currency) {
        return Optional.ofNullable(latest.get(party + " " + currency.code()));
    }

    @Override
    public Optional<Statement> statement(String id) {
        return Optional.ofNullable(statements.get(id));
    }

    /** Contracts with anything billed. */
    java.util.Set<ContractId> contracts() {
        return contractTotals.keySet();
    }

    List<SettlementStore.CloseRow> closes() {
        return closes;
    }

    /** Hashes of statements and invoices, by id. */
    Map<String, Hash> documents() {
        return issued;
    }

    /** Hash of a contract's latest invoice. */
    Optional<Hash> invoiced(ContractId contract) {
        return Optional.ofNullable(invoiced.get(contract));
    }

    int statements() {
        return statements.size();
    }

    Map<Hash, PostingGroup> postings() {
        return postings;
    }

    Map<String, SettlementStore.FundingRow> fundings() {
        return fundings;
    }
}
