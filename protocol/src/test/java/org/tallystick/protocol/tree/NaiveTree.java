package org.tallystick.protocol.tree;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/** The definitions of RFC 6962, section 2.1, word for word and as slow: the judge of the fast code. */
final class NaiveTree {
    private NaiveTree() {}

    static Hash root(List<byte[]> entries) {
        int n = entries.size();
        if (n == 0) {
            return Sha256.hash(new byte[0]);
        }
        if (n == 1) {
            return MerkleTree.leafHash(entries.getFirst());
        }
        int k = split(n);
        return MerkleTree.nodeHash(root(entries.subList(0, k)), root(entries.subList(k, n)));
    }

    static List<Hash> path(int m, List<byte[]> entries) {
        int n = entries.size();
        if (n == 1) {
            return new ArrayList<>();
        }
        int k = split(n);
        List<Hash> path = m < k ? path(m, entries.subList(0, k)) : path(m - k, entries.subList(k, n));
        path.add(m < k ? root(entries.subList(k, n)) : root(entries.subList(0, k)));
        return path;
    }

    static List<Hash> proof(int m, List<byte[]> entries) {
        return m == 0 || m == entries.size() ? List.of() : subProof(m, entries, true);
    }

    private static List<Hash> subProof(int m, List<byte[]> entries, boolean whole) {
        int n = entries.size();
        if (m == n) {
            return whole ? new ArrayList<>() : new ArrayList<>(List.of(root(entries)));
        }
        int k = split(n);
        List<Hash> proof =
                m <= k ? subProof(m, entries.subList(0, k), whole) : subProof(m - k, entries.subList(k, n), false);
        proof.add(m <= k ? root(entries.subList(k, n)) : root(entries.subList(0, k)));
        return proof;
    }

    /** The largest power of two below n. */
    private static int split(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }
}
