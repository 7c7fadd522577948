package org.tallystick.protocol.tree;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * The Merkle tree of RFC 6962 (section 2.1) and RFC 9162: hashes, roots, inclusion and consistency proofs, and their
 * verification. Works level by level from the leaves up and carries an odd last node to the next level unchanged, which
 * gives the same tree as the recursive definition without recursion. Stateless, safe from any thread.
 */
public final class MerkleTree {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final Hash EMPTY = Sha256.hash(new byte[0]);

    private MerkleTree() {}

    /** The root of the empty tree: SHA-256 of no bytes. */
    public static Hash emptyRoot() {
        return EMPTY;
    }

    /** The hash of a leaf: SHA-256(0x00 ‖ entry), where ‖ puts bytes one after another. */
    public static Hash leafHash(byte[] entry) {
        return leafHash(entry, 0, entry.length);
    }

    /** The hash of a leaf that lies in a buffer. */
    public static Hash leafHash(byte[] buffer, int offset, int length) {
        MessageDigest digest = Sha256.digest();
        digest.update(LEAF);
        digest.update(buffer, offset, length);
        return Hash.at(digest.digest(), 0);
    }

    /** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
    public static Hash nodeHash(Hash left, Hash right) {
        byte[] both = new byte[2 * Hash.BYTES];
        left.writeTo(both, 0);
        right.writeTo(both, Hash.BYTES);
        MessageDigest digest = Sha256.digest();
        digest.update(NODE);
        digest.update(both);
        return Hash.at(digest.digest(), 0);
    }

    /** The root over leaf hashes. */
    public static Hash root(List<Hash> leafHashes) {
        if (leafHashes.isEmpty()) {
            return EMPTY;
        }
        byte[] level = new byte[leafHashes.size() * Hash.BYTES];
        for (int i = 0; i < leafHashes.size(); i++) {
            leafHashes.get(i).writeTo(level, i * Hash.BYTES);
        }
        return fold(level, leafHashes.size());
    }

    /**
     * The root over leaves of equal size that lie one after another in a buffer. Allocates 32 bytes for each leaf.
     *
     * @param offset where the first leaf begins
     * @param stride bytes of a leaf
     * @param count number of leaves, 0 or more
     */
    public static Hash root(byte[] buffer, int offset, int stride, int count) {
        if (count == 0) {
            return EMPTY;
        }
        byte[] level = new byte[count * Hash.BYTES];
        leafLevel(buffer, offset, stride, count, level);
        return fold(level, count);
    }

    /**
     * The root over hashes that lie one after another: leaf hashes, or roots of subtrees of equal size.
     *
     * @param offset where the first hash begins
     * @param count number of hashes, 1 or more
     */
    public static Hash rootOfHashes(byte[] hashes, int offset, int count) {
        Objects.checkFromIndexSize(offset, Math.multiplyExact(count, Hash.BYTES), hashes.length);
        return count == 1
                ? Hash.at(hashes, offset)
                : fold(Arrays.copyOfRange(hashes, offset, offset + count * Hash.BYTES), count);
    }

    /**
     * The sibling hashes from a leaf up to the root, lowest first (RFC 9162, 2.1.3.1).
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= index < leafHashes.size()}
     */
    public static List<Hash> inclusionPath(List<Hash> leafHashes, int index) {
        Objects.checkIndex(index, leafHashes.size());
        List<Hash> path = new ArrayList<>();
        List<Hash> level = leafHashes;
        for (int i = index; level.size() > 1; i >>= 1, level = parents(level)) {
            if ((i ^ 1) < level.size()) {
                path.add(level.get(i ^ 1));
            }
        }
        return List.copyOf(path);
    }

    /**
     * The hashes that prove that the tree over the first {@code oldSize} leaves is the beginning of the tree over all
     * leaves (RFC 9162, 2.1.4.1). Empty where {@code oldSize} is 0 or the number of all leaves.
     */
    public static List<Hash> consistencyProof(List<Hash> leafHashes, int oldSize) {
        Objects.checkIndex(oldSize, leafHashes.size() + 1);
        if (oldSize == 0 || oldSize == leafHashes.size()) {
            return List.of();
        }
        List<Hash> proof = new ArrayList<>();
        subProof(oldSize, leafHashes, true, proof);
        return List.copyOf(proof);
    }

    /**
     * Computes the root from a leaf and its path (RFC 9162, 2.1.3.2). The caller compares it with the root it trusts.
     *
     * @param size number of leaves of the tree
     * @throws MalformedException {@code proof/index} where the index is not below the size, {@code proof/length} where
     *     the path does not have the length that index and size demand
     */
    public static Hash rootOf(Hash leafHash, long index, long size, List<Hash> path) {
        if (index < 0 || index >= size) {
            throw new MalformedException("proof/index", "leaf " + index + " is not in a tree of " + size);
        }
        long node = index;
        long last = size - 1;
        Hash hash = leafHash;
        int used = 0;
        while (last > 0) {
            if ((node & 1) == 1 || node < last) {
                if (used == path.size()) {
                    throw new MalformedException("proof/length", "the path of " + used + " hashes ends too early");
                }
                Hash sibling = path.get(used++);
                hash = (node & 1) == 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        if (used != path.size()) {
            throw new MalformedException("proof/length", path.size() + " hashes where " + used + " are needed");
        }
        return hash;
    }

    /**
     * Whether the path proves that the leaf stands at that index of the tree with that root. Answers {@code false} for
     * a path of the wrong length.
     */
    public static boolean verifyInclusion(Hash leafHash, long index, long size, List<Hash> path, Hash root) {
        try {
            return rootOf(leafHash, index, size, path).equals(root);
        } catch (MalformedException e) {
            return false;
        }
    }

    /**
     * Whether the proof shows that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2). The empty tree is
     * the beginning of every tree; its proof is empty.
     */
    public static boolean verifyConsistency(long oldSize, long newSize, Hash oldRoot, Hash newRoot, List<Hash> proof) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && oldRoot.equals(newRoot);
        }
        if (oldSize == 0) {
            return proof.isEmpty() && oldRoot.equals(EMPTY);
        }
        boolean powerOfTwo = Long.bitCount(oldSize) == 1;
        if (!powerOfTwo && proof.isEmpty()) {
            return false;
        }
        return climb(oldSize, newSize, powerOfTwo ? prepend(oldRoot, proof) : proof)
                .equals(Optional.of(new Roots(oldRoot, newRoot)));
    }

    /**
     * Two roots computed from one consistency proof.
     *
     * @param older root over the first leaves
     * @param newer root over all leaves
     */
    public record Roots(Hash older, Hash newer) {}

    /**
     * Computes the roots of the old and of the new tree from the hashes of a consistency proof. Unlike in a proof by
     * RFC 9162 the first hash must always be given; that proof leaves it out where {@code oldSize} is a power of two.
     *
     * @throws MalformedException {@code proof/length} where there are more or fewer hashes than the sizes demand
     */
    public static Roots roots(long oldSize, long newSize, List<Hash> nodes) {
        if (oldSize < 1 || oldSize >= newSize || nodes.isEmpty()) {
            throw new MalformedException("proof/length", "no nodes lead from size " + oldSize + " to " + newSize);
        }
        return climb(oldSize, newSize, nodes)
                .orElseThrow(
                        () -> new MalformedException("proof/length", nodes.size() + " hashes are too many or few"));
    }

    /** The two roots; empty where there are too many or too few hashes. */
    private static Optional<Roots> climb(long oldSize, long newSize, List<Hash> nodes) {
        int shift = Long.numberOfTrailingZeros(oldSize); // the number of low one-bits of oldSize - 1
        long node = (oldSize - 1) >> shift;
        long last = (newSize - 1) >> shift;
        Hash oldHash = nodes.getFirst();
        Hash newHash = nodes.getFirst();
        for (Hash sibling : nodes.subList(1, nodes.size())) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = nodeHash(sibling, oldHash);
                newHash = nodeHash(sibling, newHash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = nodeHash(newHash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(new Roots(oldHash, newHash)) : Optional.empty();
    }

    private static List<Hash> prepend(Hash first, List<Hash> rest) {
        List<Hash> all = new ArrayList<>(rest.size() + 1);
        all.add(first);
        all.addAll(rest);
        return all;
    }

    private static void subProof(int oldSize, List<Hash> leaves, boolean whole, List<Hash> proof) {
        int size = leaves.size();
        if (oldSize == size) {
            if (!whole) {
                proof.add(root(leaves));
            }
            return;
        }
        int left = Integer.highestOneBit(size - 1);
        if (oldSize <= left) {
            subProof(oldSize, leaves.subList(0, left), whole, proof);
            proof.add(root(leaves.subList(left, size)));
        } else {
            subProof(oldSize - left, leaves.subList(left, size), false, proof);
            proof.add(root(leaves.subList(0, left)));
        }
    }

    private static List<Hash> parents(List<Hash> level) {
        List<Hash> up = new ArrayList<>((level.size() + 1) / 2);
        for (int i = 0; i + 1 < level.size(); i += 2) {
            up.add(nodeHash(level.get(i), level.get(i + 1)));
        }
        if ((level.size() & 1) == 1) {
            up.add(level.getLast());
        }
        return up;
    }

    /** Hashes the leaves and writes the hashes one after another. */
    static void leafLevel(byte[] buffer, int offset, int stride, int count, byte[] level) {
        Objects.checkFromIndexSize(offset, Math.multiplyExact(stride, count), buffer.length);
        MessageDigest digest = Sha256.digest();
        for (int i = 0; i < count; i++) {
            digest.update(LEAF);
            digest.update(buffer, offset + i * stride, stride);
            Sha256.finish(digest, level, i * Hash.BYTES);
        }
    }

    /**
     * Hashes the pairs of one level and writes the level above, which may overwrite the same bytes.
     *
     * @param from where the level begins
     * @param count number of nodes in it
     * @param to where the level above begins
     * @return the number of nodes of the level above
     */
    static int parentLevel(byte[] nodes, int from, int count, int to) {
        MessageDigest digest = Sha256.digest();
        int pairs = count >> 1;
        for (int i = 0; i < pairs; i++) {
            digest.update(NODE);
            digest.update(nodes, from + 2 * i * Hash.BYTES, 2 * Hash.BYTES);
            Sha256.finish(digest, nodes, to + i * Hash.BYTES);
        }
        if ((count & 1) == 1) {
            System.arraycopy(nodes, from + (count - 1) * Hash.BYTES, nodes, to + pairs * Hash.BYTES, Hash.BYTES);
        }
        return pairs + (count & 1);
    }

    private static Hash fold(byte[] level, int count) {
        int left = count;
        while (left > 1) {
            left = parentLevel(level, 0, left, 0);
        }
        return Hash.at(level, 0);
    }
}
