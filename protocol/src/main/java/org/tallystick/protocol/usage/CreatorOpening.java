package org.tallystick.protocol.usage;

import java.util.List;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Hashes;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * A creator's part of the tree of a set, as the creator is shown it.
 *
 * @param creator the creator's place among those of the dataset version, from 0
 * @param from first ordinal of its works
 * @param to the one after the last
 * @param blocks which of them are used
 * @param path sibling hashes from the creator's leaf up to the root of the set's tree
 */
public record CreatorOpening(int creator, int from, int to, UsageBlocks blocks, List<Hash> path) {
    /** @throws MalformedException {@code usage/blocks} where blocks and works do not fit together */
    public CreatorOpening {
        path = List.copyOf(path);
        if (creator < 0 || from < creator || to <= from || blocks.count() != UsageBlocks.count(from, to)) {
            throw new MalformedException(
                    "usage/blocks", "creator " + creator + " has other blocks than the works " + from + " to " + to);
        }
        for (int work = to - from; work < blocks.count() * UsageBlocks.WORKS; work++) {
            if (blocks.used(work)) {
                throw new MalformedException("usage/blocks", "a work past the creator's last one is marked as used");
            }
        }
    }

    /** Whether a work of the creator is used. */
    public boolean used(int ordinal) {
        return blocks.used(ordinal - from);
    }

    /**
     * The root of the set's tree that this leads to.
     *
     * @param creators of the dataset version
     * @throws MalformedException {@code proof/index}, {@code proof/length}
     */
    public Hash root(int creators) {
        byte[] leaf = new byte[CreatorLeaf.LENGTH];
        CreatorLeaf.write(creator, from, to, blocks.root(), leaf, 0);
        return MerkleTree.rootOf(MerkleTree.leafHash(leaf), creator, creators, path);
    }

    Json.Obj json() {
        return Json.object()
                .put("blocks", Base64Url.encode(blocks.toBytes()))
                .put("creator", creator)
                .put("from", from)
                .put("path", Hashes.json(path))
                .put("to", to)
                .build();
    }

    static CreatorOpening of(Fields fields) {
        CreatorOpening opening = new CreatorOpening(
                (int) fields.integer("creator", 0, Integer.MAX_VALUE),
                (int) fields.integer("from", 0, Integer.MAX_VALUE),
                (int) fields.integer("to", 1, Integer.MAX_VALUE),
                new UsageBlocks(Base64Url.decode(fields.text("blocks"), "usage/blocks")),
                Hashes.read(fields, "path", "usage/path"));
        fields.noOthers();
        return opening;
    }
}
