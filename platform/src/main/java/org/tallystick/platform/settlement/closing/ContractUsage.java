package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.statement.CloseKey;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.usage.AmountLeaf;
import org.tallystick.protocol.usage.ContractNode;
import org.tallystick.protocol.usage.Creators;
import org.tallystick.protocol.usage.SetKey;
import org.tallystick.protocol.usage.SetNode;
import org.tallystick.protocol.usage.UsageNames;
import org.tallystick.protocol.usage.UsageTree;

/**
 * What a close commits to of one contract: all works that stand as used after it, and what each payee has earned in all. Made
 * by a close, and made again from the tables to open it.
 *
 * @param ranges each creator's run of ordinals in the dataset version
 * @param sets works used, by set, in order of job and scope; none is empty, and none is to be changed
 * @param sums by payee, of whoever is due something under the contract or was
 */
public record ContractUsage(
        ContractId contract,
        List<CreatorRange> ranges,
        SortedMap<UsageKey, RoaringBitmap> sets,
        SortedMap<PartyId, Sum> sums) {
    /** The hash of the lines of a payee that has none in a close. */
    static final Hash NO_LINES = Statement.linesHash(List.of());

    public ContractUsage {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(sets);
        Objects.requireNonNull(sums);
        ranges = ranges.stream()
                .sorted(Comparator.comparingInt(CreatorRange::from))
                .toList();
    }

    /**
     * What a payee has earned in all.
     *
     * @param due exact, in e
     * @param posted micros
     * @param lines hash of its lines in this close, see {@link Statement#linesHash}
     */
    public record Sum(Exact due, BigInteger posted, Hash lines) {}

    /** The works that stand as used after some closes have billed and given back what these parts say. */
    public static SortedMap<UsageKey, RoaringBitmap> standing(List<CloseInput.BilledSet> parts) {
        SortedMap<UsageKey, RoaringBitmap> sets = new TreeMap<>();
        for (CloseInput.BilledSet part : parts) {
            RoaringBitmap works = sets.computeIfAbsent(part.key(), key -> new RoaringBitmap());
            if (part.withdrawn()) {
                works.andNot(part.works());
            } else {
                works.or(part.works());
            }
        }
        sets.values().removeIf(RoaringBitmap::isEmpty);
        return sets;
    }

    /** Where the creators' works lie. */
    public Creators creators() {
        int[] starts = new int[ranges.size() + 1];
        for (int g = 0; g < ranges.size(); g++) {
            if (ranges.get(g).from() != starts[g]) {
                throw new IllegalStateException("the works of a dataset version have a gap at " + starts[g]);
            }
            starts[g + 1] = ranges.get(g).to();
        }
        return new Creators(starts);
    }

    /** The number of the creator in the dataset version, from 0; -1 for whoever made none of its works. */
    public int creator(PartyId party) {
        for (int g = 0; g < ranges.size(); g++) {
            if (ranges.get(g).creator().equals(party)) {
                return g;
            }
        }
        return -1;
    }

    /** The works of a set as a bit each, as a {@link UsageTree} takes them. */
    public static long[] bits(RoaringBitmap works, Creators creators) {
        long[] bits = new long[UsageTree.words(creators.works())];
        works.forEach((int ordinal) -> bits[ordinal >>> 6] |= 1L << ordinal);
        return bits;
    }

    private static SetKey setKey(CloseKey key, UsageKey set) {
        return key.set(set.contract().value(), set.job().value(), set.scope());
    }

    /** The tree of one set, to open creators from. */
    public static UsageTree tree(CloseKey key, UsageKey set, RoaringBitmap works, Creators creators) {
        return UsageTree.of(setKey(key, set), creators, bits(works, creators));
    }

    /** The node of one set above its tree. */
    public static SetNode node(CloseKey key, UsageKey set, RoaringBitmap works, Creators creators, Hash root) {
        String name = UsageNames.set(set.contract().value(), set.job().value(), set.scope());
        return SetNode.of(setKey(key, set), UsageNames.id(name), root, creators, works.getLongCardinality());
    }

    /** The leaves of what payees are due, in order of payee. */
    public List<AmountLeaf> amounts(CloseKey key) {
        List<AmountLeaf> leaves = new ArrayList<>(sums.size());
        sums.forEach((payee, sum) -> leaves.add(new AmountLeaf(
                payee.value(),
                sum.due(),
                sum.posted(),
                sum.lines(),
                key.contract(contract.value()).amountSalt(payee.value()))));
        return leaves;
    }

    /** All that is committed to but the invoice, which depends on balances: to be made before they are held still. */
    public Commitment commitment(CloseKey key) {
        Creators creators = creators();
        List<SetNode> nodes = new ArrayList<>();
        sets.forEach((set, works) -> nodes.add(
                node(key, set, works, creators, UsageTree.root(setKey(key, set), creators, bits(works, creators)))));
        List<AmountLeaf> amounts = amounts(key);
        return new Commitment(
                contract,
                new ContractNode(
                        UsageNames.id(UsageNames.contract(contract.value())),
                        ContractNode.sets(nodes),
                        nodes.size(),
                        ContractNode.amounts(amounts),
                        amounts.size(),
                        new Hash(0, 0, 0, 0),
                        key.contract(contract.value()).nodeSalt()));
    }

    /**
     * A contract's node that still lacks its invoice.
     *
     * @param open the node with zeros in place of the invoice's hash
     */
    public record Commitment(ContractId contract, ContractNode open) {
        public ContractNode node(Hash invoice) {
            return new ContractNode(
                    open.contract(), open.sets(), open.setCount(), open.amounts(), open.payees(), invoice, open.salt());
        }
    }
}
