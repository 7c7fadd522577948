package org.tallystick.platform.settlement.statements;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.settlement.closing.Commitments;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.usage.ContractNode;

/** The tree under the root of one close: where each paper and contract stands in it, and the way up from there. Immutable. */
final class CloseTree {
    private final VersionTree tree;
    private final Map<String, Integer> indices = new HashMap<>();

    /**
     * @param issued hashes by id, in the order of the leaves; at least one
     * @param nodes of contracts, in the order of the leaves, which come after those
     */
    CloseTree(
            SequencedMap<String, Hash> issued, SequencedMap<ContractId, ContractNode> nodes, Commitments commitments) {
        List<Hash> leaves = new ArrayList<>(issued.size());
        issued.forEach((id, hash) -> {
            indices.put(id, leaves.size());
            leaves.add(commitments.leaf(id, hash));
        });
        nodes.forEach((contract, node) -> {
            indices.put(contract.value(), leaves.size());
            leaves.add(node.leafHash());
        });
        tree = new VersionTree(leaves);
    }

    int size() {
        return tree.size();
    }

    /** Place of a statement, an invoice or a contract of the close. */
    int index(String id) {
        Integer index = indices.get(id);
        if (index == null) {
            throw new IllegalStateException(id + " is not in the close that issued it");
        }
        return index;
    }

    /** Sibling hashes from a leaf up (RFC 6962). */
    List<Hash> path(int index) {
        List<Hash> path = new ArrayList<>();
        climb(index, 0, tree.size(), path);
        return path;
    }

    private void climb(long index, long from, long to, List<Hash> path) {
        if (to - from == 1) {
            return;
        }
        long middle = from + Long.highestOneBit(to - from - 1);
        if (index < middle) {
            climb(index, from, middle, path);
            path.add(tree.root(middle, to));
        } else {
            climb(index, middle, to, path);
            path.add(tree.root(from, middle));
        }
    }
}
