package org.tallystick.protocol.usage;

import java.util.Arrays;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Which of a creator's works are used: blocks of 256 works each, a bit for each work and then 16 bytes of salt. Work i of a
 * block is bit i mod 8 of its byte i div 8, counted from the lowest; bits past the creator's last work are 0.
 */
public final class UsageBlocks {
    /** Works in a block. */
    public static final int WORKS = 256;

    /** Bytes of a block before its salt. */
    static final int BITS = WORKS / 8;

    /** Bytes of a block. */
    static final int LENGTH = BITS + 16;

    private final byte[] bytes;

    /**
     * @param bytes the blocks one after another, not to be changed afterwards
     * @throws MalformedException {@code usage/blocks} unless they are whole blocks, at least one
     */
    UsageBlocks(byte[] bytes) {
        if (bytes.length == 0 || bytes.length % LENGTH != 0) {
            throw new MalformedException("usage/blocks", "a block of works has " + LENGTH + " bytes");
        }
        this.bytes = bytes;
    }

    /** How many blocks a run of works takes. */
    static int count(int from, int to) {
        return (to - from + WORKS - 1) / WORKS;
    }

    int count() {
        return bytes.length / LENGTH;
    }

    /** Whether a work is used. */
    public boolean used(int work) {
        return (bytes[work / WORKS * LENGTH + work % WORKS / 8] >> (work % 8) & 1) == 1;
    }

    /** How many works are used. */
    public long usedWorks() {
        long used = 0;
        for (int block = 0; block < bytes.length; block += LENGTH) {
            for (int i = 0; i < BITS; i++) {
                used += Integer.bitCount(bytes[block + i] & 0xff);
            }
        }
        return used;
    }

    /** The root over the blocks. */
    Hash root() {
        return MerkleTree.root(bytes, 0, LENGTH, count());
    }

    /** A copy of all bytes. */
    byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UsageBlocks blocks && Arrays.equals(bytes, blocks.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
