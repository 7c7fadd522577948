package org.tallystick.platform.settlement.statements;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.Member;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.statement.StatementEvidence;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Proves members of dataset versions. The tree over a version's members is made once and kept for a while: all statements
 * under a contract are about the same version, and each needs all of the tree and few of the members. Safe from any thread.
 */
final class VersionProofs {
    /** Members whose trees are kept. */
    private static final int MOST = 1_000_000;

    private static final int NEAR = 1_000;

    private final Catalog catalog;
    private final Map<Hash, VersionTree> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long members;

    VersionProofs(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Adds the members of a version with these ordinals and what proves them. */
    void add(Handle tx, Hash root, SortedSet<Integer> ordinals, StatementEvidence evidence) {
        VersionTree tree = tree(tx, root);
        SortedMap<Long, Json.Obj> shown = new TreeMap<>();
        for (int[] range : ranges(ordinals)) {
            for (Member member : catalog.members(tx, root, range[0], range[1] - range[0] + 1)) {
                if (ordinals.contains(member.ordinal())) {
                    shown.put((long) member.ordinal(), member.document());
                }
            }
        }
        List<Hash> proof = MultiProof.prove(tree.size(), new TreeSet<>(shown.keySet()), tree);
        evidence.addVersion(root, tree.size(), shown, proof);
    }

    /** Members of a version. */
    int size(Handle tx, Hash root) {
        return tree(tx, root).size();
    }

    /** First and last of what is read at once: where few lie between two, they are read too. */
    private static List<int[]> ranges(SortedSet<Integer> ordinals) {
        List<int[]> ranges = new ArrayList<>();
        for (int ordinal : ordinals) {
            if (ranges.isEmpty() || ordinal - ranges.getLast()[1] > NEAR) {
                ranges.add(new int[] {ordinal, ordinal});
            }
            ranges.getLast()[1] = ordinal;
        }
        return ranges;
    }

    private VersionTree tree(Handle tx, Hash root) {
        synchronized (kept) {
            VersionTree known = kept.get(root);
            if (known == null) {
                known = new VersionTree(Member.leaves(catalog.members(tx, root)));
                kept.put(root, known);
                members += known.size();
                forget(root);
            }
            return known;
        }
    }

    private void forget(Hash latest) {
        Iterator<Map.Entry<Hash, VersionTree>> each = kept.entrySet().iterator();
        while (members > MOST && each.hasNext()) {
            Map.Entry<Hash, VersionTree> eldest = each.next();
            if (!eldest.getKey().equals(latest)) {
                members -= eldest.getValue().size();
                each.remove();
            }
        }
    }
}
