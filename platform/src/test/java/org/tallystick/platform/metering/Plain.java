package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.metering.fold.Classifier;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.MeteredWork;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.TokenId;

/**
 * The judge of metering: says from a plain list of leaves what was used, by the definitions and as slowly as they read.
 */
public final class Plain {
    private final List<Leaf> leaves;
    private final Map<TokenId, Grant> grants;
    private final Map<Hash, List<MeteredWork>> datasets;
    private final Map<TokenId, FoldInputs.Bounds> bounds;

    /**
     * @param leaves in any order, with any repetition
     * @param bounds what ends grants, and what they order
     */
    Plain(
            List<Leaf> leaves,
            Map<TokenId, Grant> grants,
            Map<Hash, List<MeteredWork>> datasets,
            Map<TokenId, FoldInputs.Bounds> bounds) {
        this.leaves = leaves;
        this.grants = grants;
        this.datasets = datasets;
        this.bounds = bounds;
    }

    /** The leaves that are uses: of those that stand, by number, each once. */
    List<Leaf> uses() {
        Map<String, List<Long>> handed = new HashMap<>();
        Map<String, Leaf> byNumber = new TreeMap<>();
        for (Leaf leaf : leaves) {
            byNumber.put(leaf.receiptId(), leaf);
            if (leaf.kind().refers()) {
                handed.computeIfAbsent(leaf.refersId(), id -> new ArrayList<>()).add(leaf.bytes());
            }
        }
        List<Leaf> uses = new ArrayList<>();
        for (Leaf leaf : byNumber.values()) {
            if (leaf.kind().meters()
                    && leaf.scope().meters()
                    && reason(leaf).isEmpty()
                    && isUse(leaf, handed.getOrDefault(leaf.receiptId(), List.of()))) {
                uses.add(leaf);
            }
        }
        return uses;
    }

    /** More than free bytes were promised, and were handed over as far as anything is said of it. */
    private boolean isUse(Leaf leaf, List<Long> handed) {
        FreeRanges free = work(leaf).orElseThrow().free();
        boolean stands = handed.isEmpty()
                || handed.stream()
                        .anyMatch(bytes -> bytes > 0 && !free.covers(leaf.from(), Math.min(bytes, leaf.bytes())));
        return stands && !free.covers(leaf.from(), leaf.bytes());
    }

    private Optional<MeteredWork> work(Leaf leaf) {
        Grant grant = java.util.Objects.requireNonNull(grants.get(leaf.token()));
        return datasets.getOrDefault(grant.dataset(), List.of()).stream()
                .filter(work -> work.content().equals(leaf.content().hash()))
                .findFirst();
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
        Optional<MeteredWork> work = work(leaf);
        return work.isEmpty()
                ? Optional.of(UncountedReason.NOT_IN_DATASET)
                : bounded(leaf, grant).or(() -> bytes(leaf, work.get()));
    }

    private Optional<UncountedReason> bounded(Leaf leaf, Grant grant) {
        FoldInputs.Bounds ends = bounds.getOrDefault(leaf.token(), FoldInputs.Bounds.NONE);
        if (!grant.allowsEdge(leaf.edge())) {
            return Optional.of(UncountedReason.EDGE_NOT_GRANTED);
        }
        if (ends.closed().filter(end -> isPast(leaf, end)).isPresent()) {
            return Optional.of(UncountedReason.JOB_CLOSED);
        }
        if (ends.revoked().filter(end -> isPast(leaf, end)).isPresent()) {
            return Optional.of(UncountedReason.TOKEN_REVOKED);
        }
        if (grant.order().isEmpty()) {
            return Optional.empty();
        }
        if (ends.order().isEmpty()) {
            return Optional.of(UncountedReason.ORDER_UNKNOWN);
        }
        if (leaf.time() >= ends.order().get().ends().toEpochMilli()) {
            return Optional.of(UncountedReason.ORDER_ENDED);
        }
        if (!leaf.released()) {
            return Optional.of(UncountedReason.RELEASE_MISSING);
        }
        return ends.order().get().table().opens(ordinal(leaf), new ReleaseKey(leaf.salt()))
                ? Optional.empty()
                : Optional.of(UncountedReason.RELEASE_WRONG);
    }

    /** Whether edge and release key are those that the leaf's grant wants. */
    boolean isGranted(Leaf leaf) {
        Grant grant = grants.get(leaf.token());
        return grant != null
                && grant.allowsEdge(leaf.edge())
                && (grant.order().isEmpty() || leaf.released())
                && work(leaf).isPresent()
                && (grant.order().isEmpty()
                        || java.util.Objects.requireNonNull(bounds.get(leaf.token()))
                                .order()
                                .orElseThrow()
                                .table()
                                .opens(ordinal(leaf), new ReleaseKey(leaf.salt())));
    }

    private static boolean isPast(Leaf leaf, java.time.Instant end) {
        return leaf.time() >= end.toEpochMilli() + Classifier.TOLERANCE;
    }

    private static Optional<UncountedReason> bytes(Leaf leaf, MeteredWork work) {
        boolean fits = leaf.kind() == LeafKind.FULL
                ? leaf.bytes() == work.bytes()
                : leaf.from() + leaf.bytes() <= work.bytes();
        return fits ? Optional.empty() : Optional.of(UncountedReason.WRONG_BYTES);
    }

    UsageKey key(Leaf leaf) {
        Grant grant = java.util.Objects.requireNonNull(grants.get(leaf.token()));
        return new UsageKey(new ContractId(grant.contract()), new JobId(grant.job()), grant.scope());
    }

    int ordinal(Leaf leaf) {
        Grant grant = java.util.Objects.requireNonNull(grants.get(leaf.token()));
        return java.util.Objects.requireNonNull(datasets.get(grant.dataset())).stream()
                .map(MeteredWork::content)
                .toList()
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
