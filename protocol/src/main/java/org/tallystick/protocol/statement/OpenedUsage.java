package org.tallystick.protocol.statement;

import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Hashes;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.usage.ContractOpening;

/**
 * A contract's node in a close, opened to one payee, with the way from it to the root in the close's entry.
 *
 * @param close log position of the close's entry
 * @param index of the node among the leaves of the close
 * @param path sibling hashes from the node up
 */
public record OpenedUsage(long close, int index, List<Hash> path, ContractOpening opening) {
    public OpenedUsage {
        path = List.copyOf(path);
    }

    /**
     * The root of the close that this leads to.
     *
     * @param leaves of the close
     */
    Hash root(long leaves) {
        return MerkleTree.rootOf(opening.node().leafHash(), index, leaves, path);
    }

    Json.Obj json() {
        return Json.object()
                .put("close", close)
                .put("index", index)
                .put("opening", opening.json())
                .put("path", Hashes.json(path))
                .build();
    }

    static OpenedUsage of(Fields fields) {
        OpenedUsage usage = new OpenedUsage(
                fields.integer("close", 0, Long.MAX_VALUE >> 11),
                (int) fields.integer("index", 0, Integer.MAX_VALUE),
                Hashes.read(fields, "path", "usage/path"),
                ContractOpening.of(fields.fields("opening")));
        fields.noOthers();
        return usage;
    }
}
