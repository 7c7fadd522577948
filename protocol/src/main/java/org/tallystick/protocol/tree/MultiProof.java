package org.tallystick.protocol.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Proves that many leaves stand in one tree of RFC 6962. The proof is the list of roots of the largest subtrees that
 * hold none of these leaves, from left to right. A statement proves thousands of receipts; with a path for each it
 * would repeat most hashes many times. Stateless, safe from any thread.
 */
public final class MultiProof {
    private MultiProof() {}

    /** Gives the root over the leaves from {@code from} (included) to {@code to} (excluded). */
    @FunctionalInterface
    public interface Subtrees {
        /** Called only with ranges that are subtrees of the tree (RFC 6962 section 2.1). */
        Hash root(long from, long to);
    }

    /** Computes subtrees from the hashes of all leaves. */
    public static Subtrees of(List<Hash> leafHashes) {
        return (from, to) -> MerkleTree.root(leafHashes.subList(Math.toIntExact(from), Math.toIntExact(to)));
    }

    /**
     * The hashes that prove some leaves of a tree.
     *
     * @param size number of leaves of the tree, at least 1
     * @param indices of the leaves to prove, at least one, each below the size
     */
    public static List<Hash> prove(long size, SortedSet<Long> indices, Subtrees subtrees) {
        if (indices.isEmpty() || indices.first() < 0 || indices.last() >= size) {
            throw new IllegalArgumentException("leaves to prove must be in the tree of " + size);
        }
        List<Hash> hashes = new ArrayList<>();
        prove(0, size, indices, subtrees, hashes);
        return List.copyOf(hashes);
    }

    /**
     * The indices of leaves that, proven together, also prove the size of a tree, which its root alone does not show:
     * the first and the last leaf of each complete subtree. Holds for every tree built by RFC 6962.
     *
     * @param size number of leaves of the tree, at least 1
     */
    public static SortedSet<Long> corners(long size) {
        TreeSet<Long> corners = new TreeSet<>();
        long from = 0;
        while (from < size) {
            long perfect = Long.highestOneBit(size - from);
            corners.add(from);
            corners.add(from + perfect - 1);
            from += perfect;
        }
        return corners;
    }

    private static void prove(long from, long to, SortedSet<Long> indices, Subtrees subtrees, List<Hash> hashes) {
        if (indices.isEmpty()) {
            hashes.add(subtrees.root(from, to));
            return;
        }
        if (to - from == 1) {
            return;
        }
        long middle = middle(from, to);
        prove(from, middle, indices.headSet(middle), subtrees, hashes);
        prove(middle, to, indices.tailSet(middle), subtrees, hashes);
    }

    /**
     * Computes the root from proven leaves and the hashes of the proof.
     *
     * @param size number of leaves of the tree
     * @param leaves leaf hash by index, at least one
     * @throws MalformedException {@code proof/index} for a leaf outside the tree, {@code proof/length} where there are
     *     more or fewer hashes than size and indices demand
     */
    public static Hash root(long size, SequencedMap<Long, Hash> leaves, List<Hash> hashes) {
        SortedMap<Long, Hash> sorted = new TreeMap<>(leaves);
        if (sorted.isEmpty() || sorted.firstKey() < 0 || sorted.lastKey() >= size) {
            throw new MalformedException("proof/index", "the leaves to prove are not in a tree of " + size);
        }
        Deque<Hash> left = new ArrayDeque<>(hashes);
        Hash root = root(0, size, sorted, left);
        if (!left.isEmpty()) {
            throw new MalformedException("proof/length", "the proof has " + left.size() + " hashes too many");
        }
        return root;
    }

    private static Hash root(long from, long to, SortedMap<Long, Hash> leaves, Deque<Hash> hashes) {
        if (leaves.isEmpty()) {
            if (hashes.isEmpty()) {
                throw new MalformedException("proof/length", "the proof has too few hashes");
            }
            return hashes.removeFirst();
        }
        if (to - from == 1) {
            return leaves.values().iterator().next();
        }
        long middle = middle(from, to);
        Hash left = root(from, middle, leaves.headMap(middle), hashes);
        Hash right = root(middle, to, leaves.tailMap(middle), hashes);
        return MerkleTree.nodeHash(left, right);
    }

    private static long middle(long from, long to) {
        return from + Long.highestOneBit(to - from - 1);
    }
}
