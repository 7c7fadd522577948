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
 * The Merkle tree of RFC 6962 (section 2.1) and RFC 9162: hashing, roots, inclusion and consistency proofs, and their
 * verification. Pairing bottom-up and promoting an odd last node yields the same tree as the recursive definition, so
 * nothing here recurses over leaves. Stateless, safe from any thread.
 */
public final class MerkleTree {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final Hash EMPTY = Sha256.hash(new byte[0]);

    private MerkleTree() {}

    /** The root of no leaves: SHA-256 of nothing. */
    public static Hash emptyRoot() {
        return EMPTY;
    }

    /** The hash of a leaf: SHA-256(0x00 ‖ entry). */
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
     * The root over leaves of one fixed size that lie one after the other. Allocates one buffer of 32 bytes per leaf and
     * nothing per node.
     *
     * @param offset where the first leaf begins
     * @param stride bytes per leaf
     * @param count leaves, 0 or more
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
     * The root over leaf hashes, or over the roots of equally large subtrees, that lie one after the other.
     *
     * @param offset where the first hash begins
     * @param count hashes, 1 or more
     */
    public static Hash rootOfHashes(byte[] hashes, int offset, int count) {
        Objects.checkFromIndexSize(offset, Math.multiplyExact(count, Hash.BYTES), hashes.length);
        return count == 1
                ? Hash.at(hashes, offset)
                : fold(Arrays.copyOfRange(hashes, offset, offset + count * Hash.BYTES), count);
    }

    /**
     * The siblings from a leaf up to the root (RFC 9162, 2.1.3.1).
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
     * The nodes that show the tree over the first {@code oldSize} leaves to be a prefix of the tree over all of them
     * (RFC 9162, 2.1.4.1). Empty for an old size of 0 or of all leaves.
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
     * The root that a path leads to from a leaf (RFC 9162, 2.1.3.2).
     *
     * @throws MalformedException {@code proof/index} where the index is not below the size, {@code proof/length} where
     *     the path is longer or shorter than index and size demand
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

    /** Whether the path shows that the leaf is at that index of the tree with that root. */
    public static boolean verifyInclusion(Hash leafHash, long index, long size, List<Hash> path, Hash root) {
        try {
            return rootOf(leafHash, index, size, path).equals(root);
        } catch (MalformedException e) {
            return false;
        }
    }

    /**
     * Whether the proof shows the old tree to be a prefix of the new one (RFC 9162, 2.1.4.2). An empty old tree is a
     * prefix of all, by an empty proof.
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
     * The roots of a tree and of its own beginning, from nodes of it.
     *
     * @param older over the first leaves
     * @param newer over all
     */
    public record Roots(Hash older, Hash newer) {}

    /**
     * What nodes of a tree come to: those of a consistency proof, the first always among them (a proof leaves it out where
     * the old size is a power of two).
     *
     * @throws MalformedException {@code proof/length} where they are not as many as the sizes demand
     */
    public static Roots roots(long oldSize, long newSize, List<Hash> nodes) {
        if (oldSize < 1 || oldSize >= newSize || nodes.isEmpty()) {
            throw new MalformedException("proof/length", "no nodes lead from size " + oldSize + " to " + newSize);
        }
        return climb(oldSize, newSize, nodes)
                .orElseThrow(
                        () -> new MalformedException("proof/length", nodes.size() + " hashes are too many or few"));
    }

    /** Empty where the nodes are too many or too few. */
    private static Optional<Roots> climb(long oldSize, long newSize, List<Hash> nodes) {
        int shift = Long.numberOfTrailingZeros(oldSize); // the low ones of oldSize - 1
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

    /** Writes the hashes of the leaves into a level buffer. */
    static void leafLevel(byte[] buffer, int offset, int stride, int count, byte[] level) {
        Objects.checkFromIndexSize(offset, Math.multiplyExact(stride, count), buffer.length);
        MessageDigest digest = Sha256.digest();
        for (int i = 0; i < count; i++) {
            digest.update(LEAF);
            digest.update(buffer, offset + i * stride, stride);
            Sha256.finish(digest, level, i * Hash.BYTES);
        }
    }

    /** Hashes pairs of one level into the next, which may be the same place; answers how many nodes it has. */
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
