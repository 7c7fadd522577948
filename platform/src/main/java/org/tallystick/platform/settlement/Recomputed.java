package org.tallystick.platform.settlement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Statement;

/** What the tables of settlement and ledger should hold, made in memory as a {@link Recomputation} goes on. */
final class Recomputed implements CloseInput.Past {
    private final List<Period> periods = new ArrayList<>();
    private final Map<ContractId, List<CloseInput.Part>> parts = new HashMap<>();
    private final Map<ContractId, Map<PartyId, CloseInput.Earned>> earned = new HashMap<>();
    private final Map<ContractId, CloseInput.Owed> owed = new HashMap<>();
    private final Map<String, Statement> statements = new HashMap<>();
    private final Map<String, Hash> latest = new HashMap<>();
    private final Map<String, Long> balances = new TreeMap<>();
    private final Map<Hash, PostingGroup> postings = new HashMap<>();
    private final Map<String, SettlementStore.FundingRow> fundings = new HashMap<>();
    private final List<SettlementStore.CloseRow> closes = new ArrayList<>();
    private final Map<String, Hash> issued = new TreeMap<>();

    /** What a close changes of what the next one depends on. */
    void closed(CloseInput input, CloseResult result) {
        periods.add(input.period());
        for (CloseResult.OfContract of : result.contracts()) {
            parts.computeIfAbsent(of.contract().id(), id -> new ArrayList<>()).addAll(of.parts());
            owed.put(
                    of.contract().id(),
                    new CloseInput.Owed(
                            of.before().gross().plus(of.gross()),
                            Math.addExact(of.before().charged(), of.charge()),
                            of.before().fee().plus(of.fee()),
                            Math.addExact(of.before().feePosted(), of.feePosted()),
                            of.flat()));
        }
        for (Sealed item : result.statements()) {
            Statement statement = item.statement();
            statements.put(item.id(), statement);
            latest.put(statement.party() + " " + statement.currency(), item.hash());
            for (Statement.ContractTotal total : statement.contracts()) {
                earned.computeIfAbsent(new ContractId(total.contract()), id -> new HashMap<>())
                        .put(
                                new PartyId(statement.party()),
                                new CloseInput.Earned(
                                        Exact.parse(total.exactBefore()).plus(Exact.parse(total.exact())),
                                        Math.addExact(total.postedBefore(), total.posted())));
            }
        }
    }

    /** What a close issues. */
    void issued(CloseInput input, long entry, CloseResult result, List<Invoice> invoices) {
        closes.add(new SettlementStore.CloseRow(
                input.number(),
                input.period(),
                entry,
                input.position(),
                CloseEntries.root(result.statements(), invoices)));
        result.statements().forEach(statement -> issued.put(statement.id(), statement.hash()));
        invoices.forEach(invoice -> issued.put(invoice.id(), invoice.hash()));
    }

    void funded(String reference, ContractId contract, Money amount) {
        fundings.put(reference, new SettlementStore.FundingRow(contract, amount));
    }

    void post(PostingGroup group) {
        postings.put(group.id(), group);
        for (Transfer transfer : group.transfers()) {
            balances.merge(transfer.debit(), -transfer.amount().micros(), Math::addExact);
            balances.merge(transfer.credit(), transfer.amount().micros(), Math::addExact);
        }
    }

    long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }

    List<Period> periods() {
        return List.copyOf(periods);
    }

    List<CloseInput.Part> parts(ContractId contract) {
        return parts.getOrDefault(contract, List.of());
    }

    Map<PartyId, CloseInput.Earned> earned(ContractId contract) {
        return earned.getOrDefault(contract, Map.of());
    }

    CloseInput.Owed owed(ContractId contract) {
        return owed.getOrDefault(contract, CloseInput.Owed.NOTHING);
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
        return owed.keySet();
    }

    List<SettlementStore.CloseRow> closes() {
        return closes;
    }

    /** Hashes of statements and invoices, by id. */
    Map<String, Hash> documents() {
        return issued;
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
