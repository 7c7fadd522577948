package org.tallystick.protocol.usage;

import java.nio.ByteBuffer;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The leaf of one usage set under its contract, 121 bytes: 02, then what follows here in its order.
 *
 * @param set id of the set, by {@link UsageNames}
 * @param usage root of its {@link UsageTree}
 * @param creators of the dataset version
 * @param works of the dataset version
 * @param used salted hash of how many of them are used
 */
public record SetNode(Hash set, Hash usage, int creators, int works, Hash used, Salt salt) {
    static final int LENGTH = 1 + 3 * Hash.BYTES + 2 * Integer.BYTES + Salt.LENGTH;

    private static final byte KIND = 2;

    /**
     * The node of a set, all of whose salts follow from its key.
     *
     * @param used how many works are used
     */
    public static SetNode of(SetKey key, Hash set, Hash usage, Creators creators, long used) {
        return new SetNode(
                set,
                usage,
                creators.count(),
                creators.works(),
                new UsedCount(used, key.usedSalt()).hash(),
                key.nodeSalt());
    }

    byte[] encode() {
        return ByteBuffer.allocate(LENGTH)
                .put(KIND)
                .put(set.toBytes())
                .put(usage.toBytes())
                .putInt(creators)
                .putInt(works)
                .put(used.toBytes())
                .put(salt.toBytes())
                .array();
    }

    Hash leafHash() {
        return MerkleTree.leafHash(encode());
    }
}
