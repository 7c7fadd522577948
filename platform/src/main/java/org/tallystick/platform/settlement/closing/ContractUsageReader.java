package org.tallystick.platform.settlement.closing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.statement.Statement;

/** Makes again from the tables what a close committed to of a contract, to open it. */
public final class ContractUsageReader {
    private final Catalog catalog;

    public ContractUsageReader(Catalog catalog) {
        this.catalog = catalog;
    }

    /** What stood under a contract after a close. */
    public ContractUsage read(Handle tx, Contract contract, int close) {
        List<CloseInput.BilledSet> parts = SettlementStore.parts(tx, contract.id()).stream()
                .filter(part -> part.close() <= close)
                .toList();
        return new ContractUsage(
                contract.id(),
                catalog.ranges(tx, contract.datasetVersion()),
                ContractUsage.standing(parts),
                sums(tx, contract, close));
    }

    private static SortedMap<PartyId, ContractUsage.Sum> sums(Handle tx, Contract contract, int close) {
        String id = contract.id().value();
        SortedMap<PartyId, ContractUsage.Sum> sums = new TreeMap<>();
        for (Statement statement : EarnedStore.statements(tx, close, id)) {
            sum(statement, id).ifPresent(sum -> sums.put(new PartyId(statement.party()), sum));
        }
        Map<PartyId, CloseInput.PayeeTotal> all = SettlementStore.payeeTotals(tx, contract.id());
        all.keySet().stream()
                .filter(party -> !sums.containsKey(party))
                .forEach(party -> EarnedStore.before(tx, close, party, id)
                        .flatMap(statement -> sum(statement, id))
                        .ifPresent(sum -> sums.put(
                                party, new ContractUsage.Sum(sum.due(), sum.posted(), ContractUsage.NO_LINES))));
        return sums;
    }

    /** What a payee has earned under a contract after a statement; empty where it has no sum of the contract. */
    private static Optional<ContractUsage.Sum> sum(Statement statement, String contract) {
        return statement.contracts().stream()
                .filter(total -> total.contract().equals(contract))
                .findFirst()
                .map(total -> new ContractUsage.Sum(
                        total.exactAfter(),
                        total.postedBefore().add(total.posted()),
                        Statement.linesHash(statement.lines().stream()
                                .filter(line -> line.contract().equals(contract))
                                .toList())));
    }
}
