package org.tallystick.platform.settlement.closing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.Metering;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.statement.Statement;

/** Gathers what a close depends on, in one snapshot. */
public final class CloseReader {
    private final Contracts contracts;
    private final Catalog catalog;
    private final Metering metering;
    private final String platform;

    /** @param platform the platform's name: the log's origin */
    public CloseReader(Contracts contracts, Catalog catalog, Metering metering, String platform) {
        this.contracts = contracts;
        this.catalog = catalog;
        this.metering = metering;
        this.platform = platform;
    }

    public CloseInput read(Handle tx, Period period) {
        List<Period> before = SettlementStore.closes(tx).stream()
                .map(SettlementStore.CloseRow::period)
                .toList();
        long position = metering.position(tx);
        List<Instant> ends = CloseInput.ends(before, period);
        List<CloseInput.OfContract> read = new ArrayList<>();
        Map<Hash, List<CreatorRange>> ranges = new HashMap<>();
        for (Contract contract : contracts.all(tx)) {
            if (contract.position() < position && contract.accepted().isBefore(period.to())) {
                read.add(new CloseInput.OfContract(
                        contract,
                        ranges.computeIfAbsent(contract.datasetVersion(), root -> catalog.ranges(tx, root)),
                        metering.used(tx, contract.id(), ends),
                        SettlementStore.parts(tx, contract.id()),
                        SettlementStore.payeeTotals(tx, contract.id()),
                        SettlementStore.contractTotal(tx, contract.id())));
            }
        }
        read.sort(Comparator.comparing(of -> of.contract().id()));
        return new CloseInput(platform, period, position, before, read, new StoredPast(tx));
    }

    /** Earlier statements, each read once, by one thread at a time. */
    private static final class StoredPast implements CloseInput.Past {
        private final Handle tx;
        private final Map<String, Optional<Statement>> read = new HashMap<>();
        private @Nullable Map<String, Hash> latest;

        StoredPast(Handle tx) {
            this.tx = tx;
        }

        @Override
        public synchronized Optional<Hash> latest(PartyId party, Currency currency) {
            Map<String, Hash> all = latest;
            if (all == null) {
                all = SettlementStore.latest(tx);
                latest = all;
            }
            return Optional.ofNullable(all.get(party + " " + currency.code()));
        }

        @Override
        public synchronized Optional<Statement> statement(String id) {
            return read.computeIfAbsent(
                    id, key -> SettlementStore.statement(tx, key).map(StoredStatement::statement));
        }
    }
}
