package org.tallystick.platform.settlement.statements;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.ContractNodeStore;
import org.tallystick.platform.settlement.closing.ContractUsage;
import org.tallystick.platform.settlement.closing.ContractUsageReader;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.statement.CloseKey;
import org.tallystick.protocol.statement.OpenedUsage;
import org.tallystick.protocol.usage.AmountLeaf;
import org.tallystick.protocol.usage.AmountOpening;
import org.tallystick.protocol.usage.ContractNode;
import org.tallystick.protocol.usage.ContractOpening;
import org.tallystick.protocol.usage.Creators;
import org.tallystick.protocol.usage.SetNode;
import org.tallystick.protocol.usage.SetOpening;
import org.tallystick.protocol.usage.UsageTree;
import org.tallystick.protocol.usage.UsedCount;

/**
 * Opens to payees what closes commit to of contracts. The trees are made again from the tables, once for the statements of one
 * close, which are mostly asked for one after another. Safe from any thread.
 */
final class UsageOpenings {
    /** Creators and payees in all trees kept. */
    private static final long MOST = 2_000_000;

    private final ContractUsageReader reader;
    private final LongFunction<LogEntry> log;
    private final CloseTrees trees;
    private final Map<Key, Opened> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long leaves;

    private record Key(int close, ContractId contract) {}

    /**
     * A contract's trees under one close.
     *
     * @param sets tree and node of each set
     * @param places of payees among the amounts
     */
    private record Opened(
            ContractUsage usage,
            ContractNode node,
            Map<UsageKey, UsageTree> sets,
            List<AmountLeaf> amounts,
            VersionTree amountTree,
            Map<String, Integer> places) {
        long leaves() {
            return (long) sets.size() * usage.ranges().size() + amounts.size();
        }
    }

    UsageOpenings(Catalog catalog, LongFunction<LogEntry> log, CloseTrees trees) {
        this.reader = new ContractUsageReader(catalog);
        this.log = log;
        this.trees = trees;
    }

    /** A contract's node in a close as a payee is shown it; empty for closes of before the log's change of format. */
    Optional<OpenedUsage> open(Handle tx, SettlementStore.CloseRow close, Contract contract, PartyId payee) {
        Optional<CloseKey> key = CloseEntries.commitments(close.entry(), log).key();
        if (key.isEmpty()) {
            return Optional.empty();
        }
        CloseTree tree = trees.of(tx, close);
        int index = tree.index(contract.id().value());
        ContractOpening opening = open(opened(tx, close, contract, key.get()), key.get(), contract, payee);
        return Optional.of(new OpenedUsage(close.entry(), index, tree.path(index), opening));
    }

    private Opened opened(Handle tx, SettlementStore.CloseRow close, Contract contract, CloseKey secret) {
        synchronized (kept) {
            Key key = new Key(close.number(), contract.id());
            Opened known = kept.get(key);
            if (known == null) {
                known = make(tx, close, contract, secret);
                kept.put(key, known);
                leaves += known.leaves();
                forget(key);
            }
            return known;
        }
    }

    private void forget(Key latest) {
        Iterator<Map.Entry<Key, Opened>> each = kept.entrySet().iterator();
        while (leaves > MOST && each.hasNext()) {
            Map.Entry<Key, Opened> eldest = each.next();
            if (!eldest.getKey().equals(latest)) {
                leaves -= eldest.getValue().leaves();
                each.remove();
            }
        }
    }

    private Opened make(Handle tx, SettlementStore.CloseRow close, Contract contract, CloseKey key) {
        ContractUsage usage = reader.read(tx, contract, close.number());
        ContractNode node = Optional.ofNullable(
                        ContractNodeStore.of(tx, close.number()).get(contract.id()))
                .orElseThrow(() -> new IllegalStateException(
                        "close " + close.number() + " has no node of contract " + contract.id()));
        Creators creators = usage.creators();
        Map<UsageKey, UsageTree> sets = new HashMap<>();
        usage.sets().forEach((set, works) -> sets.put(set, ContractUsage.tree(key, set, works, creators)));
        List<AmountLeaf> amounts = usage.amounts(key);
        Map<String, Integer> places = new HashMap<>();
        List<Hash> hashes = new ArrayList<>();
        for (AmountLeaf leaf : amounts) {
            places.put(leaf.payee(), hashes.size());
            hashes.add(leaf.leafHash());
        }
        return new Opened(usage, node, sets, amounts, new VersionTree(hashes), places);
    }

    private static ContractOpening open(Opened opened, CloseKey key, Contract contract, PartyId payee) {
        ContractUsage usage = opened.usage();
        Creators creators = usage.creators();
        int creator = usage.creator(payee);
        boolean all = contract.document().payout().splits().stream()
                .anyMatch(split -> split.recipient().equals(payee.value()));
        List<SetOpening> sets = new ArrayList<>();
        usage.sets().forEach((set, works) -> sets.add(set(opened, key, set, works, creators, creator, all)));
        Integer place = opened.places().get(payee.value());
        if (place == null) {
            throw new IllegalStateException(payee + " has no amount under contract " + contract.id());
        }
        return new ContractOpening(
                contract.id().value(),
                creators.count(),
                creators.works(),
                sets,
                opened.amounts().size(),
                Optional.of(new AmountOpening(
                        opened.amounts().get(place), place, CloseTree.path(opened.amountTree(), place))),
                Optional.empty(),
                opened.node().invoice(),
                opened.node().salt());
    }

    private static SetOpening set(
            Opened opened,
            CloseKey key,
            UsageKey set,
            RoaringBitmap works,
            Creators creators,
            int creator,
            boolean all) {
        UsageTree tree = Optional.ofNullable(opened.sets().get(set)).orElseThrow();
        SetNode node = ContractUsage.node(key, set, works, creators, tree.root());
        UsedCount used = ContractUsage.used(key, set, works);
        return new SetOpening(
                node.set(),
                creator < 0 ? Optional.of(tree.root()) : Optional.empty(),
                creator < 0 ? Optional.empty() : Optional.of(tree.open(creator)),
                all ? Optional.empty() : Optional.of(used.hash()),
                all ? Optional.of(used) : Optional.empty(),
                node.salt());
    }
}
