package org.tallystick.protocol.usage;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * What a close commits to of one contract, made by plain lists, as a verifier of another hand would: the yardstick of what the
 * code makes with arrays, and the source of openings that tests then falsify.
 */
public final class CommittedUsage {
    /** A set: its name, its key, the ordinals used. */
    public record UsedSet(String name, SetKey key, List<Integer> used) {}

    private final String contract;
    private final ContractKey key;
    private final Creators creators;
    private final SequencedMap<Hash, UsageTree> trees = new LinkedHashMap<>();
    private final List<UsedSet> sets;
    private final List<AmountLeaf> amounts;
    private final Hash invoice;

    public CommittedUsage(
            String contract,
            ContractKey key,
            Creators creators,
            List<UsedSet> sets,
            List<AmountLeaf> amounts,
            Hash invoice) {
        this.contract = contract;
        this.key = key;
        this.creators = creators;
        this.sets = sets;
        this.amounts = amounts;
        this.invoice = invoice;
        sets.forEach(set ->
                trees.put(UsageNames.id(set.name()), UsageTree.of(set.key(), creators, bits(creators, set.used()))));
    }

    /** One bit for each work. */
    static long[] bits(Creators creators, List<Integer> used) {
        long[] bits = new long[UsageTree.words(creators.works())];
        used.forEach(ordinal -> bits[ordinal >>> 6] |= 1L << ordinal);
        return bits;
    }

    /** A payee's leaf. */
    public static AmountLeaf amount(ContractKey key, String payee, String due, long posted, Hash lines) {
        return new AmountLeaf(payee, Exact.parse(due, "due"), BigInteger.valueOf(posted), lines, key.amountSalt(payee));
    }

    public ContractNode node() {
        List<SetNode> nodes = new ArrayList<>();
        for (UsedSet set : sets) {
            Hash id = UsageNames.id(set.name());
            UsageTree tree = java.util.Objects.requireNonNull(trees.get(id));
            nodes.add(
                    SetNode.of(set.key(), id, tree.root(), creators, set.used().size()));
        }
        return new ContractNode(
                UsageNames.id(UsageNames.contract(contract)),
                ContractNode.sets(nodes),
                nodes.size(),
                ContractNode.amounts(amounts),
                amounts.size(),
                invoice,
                key.nodeSalt());
    }

    /**
     * What a payee is shown.
     *
     * @param creator its number among the creators, below 0 for none
     * @param all whether it is paid on all works
     */
    public ContractOpening open(int creator, boolean all, int payee) {
        List<SetOpening> openings = new ArrayList<>();
        for (UsedSet set : sets) {
            Hash id = UsageNames.id(set.name());
            UsageTree tree = java.util.Objects.requireNonNull(trees.get(id));
            openings.add(open(set, tree, creator, all));
        }
        List<Hash> leaves = amounts.stream().map(AmountLeaf::leafHash).toList();
        return new ContractOpening(
                contract,
                creators.count(),
                creators.works(),
                openings,
                amounts.size(),
                Optional.of(new AmountOpening(amounts.get(payee), payee, MerkleTree.inclusionPath(leaves, payee))),
                Optional.empty(),
                invoice,
                key.nodeSalt());
    }

    private SetOpening open(UsedSet set, UsageTree tree, int creator, boolean all) {
        UsedCount count = new UsedCount(set.used().size(), set.key().usedSalt());
        return new SetOpening(
                UsageNames.id(set.name()),
                creator < 0 ? Optional.of(tree.root()) : Optional.empty(),
                creator < 0 ? Optional.empty() : Optional.of(tree.open(creator)),
                all ? Optional.empty() : Optional.of(count.hash()),
                all ? Optional.of(count) : Optional.empty(),
                set.key().nodeSalt());
    }

    /** The trees of the sets, by id. */
    Map<Hash, UsageTree> trees() {
        return trees;
    }
}
