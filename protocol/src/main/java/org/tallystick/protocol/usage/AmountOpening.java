package org.tallystick.protocol.usage;

import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Hashes;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * What a payee is shown of the amounts of a contract: its own leaf.
 *
 * @param index of the leaf
 * @param path sibling hashes from the leaf up
 */
public record AmountOpening(AmountLeaf leaf, int index, List<Hash> path) {
    public AmountOpening {
        path = List.copyOf(path);
    }

    Hash root(int payees) {
        return MerkleTree.rootOf(leaf.leafHash(), index, payees, path);
    }

    Json.Obj json() {
        return Json.object()
                .put("index", index)
                .put("leaf", leaf.json())
                .put("path", Hashes.json(path))
                .build();
    }

    static AmountOpening of(Fields fields) {
        AmountOpening opening = new AmountOpening(
                AmountLeaf.of(fields.fields("leaf")),
                (int) fields.integer("index", 0, Integer.MAX_VALUE),
                Hashes.read(fields, "path", "usage/path"));
        fields.noOthers();
        return opening;
    }
}
