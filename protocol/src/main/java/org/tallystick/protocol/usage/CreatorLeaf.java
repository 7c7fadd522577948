package org.tallystick.protocol.usage;

import org.tallystick.protocol.codec.Hash;

/** A creator's leaf in the tree of a set, 45 bytes: 01, its place, its run of ordinals, the root over its blocks. */
final class CreatorLeaf {
    static final int LENGTH = 45;

    private static final byte KIND = 1;

    private CreatorLeaf() {}

    static void write(int creator, int from, int to, Hash blocks, byte[] out, int offset) {
        out[offset] = KIND;
        SetKey.putInt(out, offset + 1, creator);
        SetKey.putInt(out, offset + 5, from);
        SetKey.putInt(out, offset + 9, to);
        blocks.writeTo(out, offset + 13);
    }
}
