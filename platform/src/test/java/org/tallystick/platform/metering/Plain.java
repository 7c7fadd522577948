package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.TokenId;

/**
 * The judge of metering: says from a plain list of leaves what was used, by the definitions and as slowly as they read.
 */
public final class Plain {
    private final List<Leaf> leaves;
    private final Map<TokenId, Grant> grants;
    private final Map<Hash, List<Hash>> datasets;

    /** @param leaves in any order, with any repetition */
    Plain(List<Leaf> leaves, Map<TokenId, Grant> grants, Map<Hash, List<Hash>> datasets) {
        this.leaves = leaves;
        this.grants = grants;
        this.datasets = datasets;
    }

    /** The leaves that are uses: of those that stand, by number, each once. */
    List<Leaf> uses() {
        Set<String> voided = new HashSet<>();
        Map<String, Leaf> byNumber = new TreeMap<>();
        for (Leaf leaf : leaves) {
            byNumber.put(leaf.receiptId(), leaf);
            if (leaf.kind() == LeafKind.VOID) {
                voided.add("r-" + leaf.edge() + "-" + leaf.epoch() + "-" + leaf.refers());
            }
        }
        List<Leaf> uses = new ArrayList<>();
        for (Leaf leaf : byNumber.values()) {
            if (!voided.contains(leaf.receiptId())
                    && leaf.kind().meters()
                    && leaf.scope().meters()
                    && reason(leaf).isEmpty()) {
                uses.add(leaf);
            }
        }
        return uses;
    }

    /** Why a leaf belongs to no set. */
    Optional<UncountedReason> reason(Leaf leaf) {
        Grant grant = grants.get(leaf.token());
        if (grant == null) {
            return Optional.of(UncountedReason.UNKNOWN_TOKEN);
        }
        if (leaf.scope() != grant.scope()) {
            return Optional.of(UncountedReason.WRONG_SCOPE);
        }
        if (!grant.validAt(java.time.Instant.ofEpochMilli(leaf.time()))) {
            return Optional.of(UncountedReason.OUTSIDE_VALIDITY);
        }
        return datasets.getOrDefault(grant.dataset(), List.of())
                        .contains(leaf.content().hash())
                ? Optional.empty()
                : Optional.of(UncountedReason.NOT_IN_DATASET);
    }

    UsageKey key(Leaf leaf) {
        Grant grant = java.util.Objects.requireNonNull(grants.get(leaf.token()));
        return new UsageKey(new ContractId(grant.contract()), new JobId(grant.job()), grant.scope());
    }

    int ordinal(Leaf leaf) {
        Grant grant = java.util.Objects.requireNonNull(grants.get(leaf.token()));
        return java.util.Objects.requireNonNull(datasets.get(grant.dataset()))
                .indexOf(leaf.content().hash());
    }

    /** The sets: which works were used. */
    public Map<UsageKey, Set<Integer>> sets() {
        Map<UsageKey, Set<Integer>> sets = new TreeMap<>();
        uses().forEach(leaf ->
                sets.computeIfAbsent(key(leaf), k -> new TreeSet<>()).add(ordinal(leaf)));
        return sets;
    }

    /** When each work was first used. */
    public Map<UsageKey, Map<Integer, Long>> firstUses() {
        Map<UsageKey, Map<Integer, Long>> sets = new TreeMap<>();
        uses().forEach(leaf ->
                sets.computeIfAbsent(key(leaf), k -> new TreeMap<>()).merge(ordinal(leaf), leaf.time(), Math::min));
        return sets;
    }

    /** How many leaves were not counted, by reason. */
    public Map<UncountedReason, Integer> anomalies() {
        Map<String, Leaf> byNumber = new HashMap<>();
        leaves.forEach(leaf -> byNumber.put(leaf.receiptId(), leaf));
        Map<UncountedReason, Integer> found = new TreeMap<>();
        byNumber.values().stream()
                .filter(leaf -> leaf.kind().meters())
                .forEach(leaf -> reason(leaf).ifPresent(reason -> found.merge(reason, 1, Integer::sum)));
        return found;
    }
}
