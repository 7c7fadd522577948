package org.tallystick.protocol.usage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.tree.BatchTree;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The tree over which works of a dataset version are used in one set: a leaf for every creator, at its fixed place, over
 * salted blocks of 256 of its works, a bit each. It is made for whole versions at a time, without an object for each work.
 * Immutable, safe from any thread.
 */
public final class UsageTree {
    /** Creators that one thread takes at a time. */
    private static final int SLICE = 4_096;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final SetKey key;
    private final Creators creators;
    private final long[] used;
    private final BatchTree tree;

    private UsageTree(SetKey key, Creators creators, long[] used, BatchTree tree) {
        this.key = key;
        this.creators = creators;
        this.used = used;
        this.tree = tree;
    }

    /**
     * The tree with all its nodes, to open creators from.
     *
     * @param used bit o mod 64 of number o div 64 is 1 where the work with ordinal o is used; not to be changed afterwards
     */
    public static UsageTree of(SetKey key, Creators creators, long[] used) {
        byte[] leaves = leaves(key, creators, used);
        return new UsageTree(key, creators, used, BatchTree.of(leaves, 0, CreatorLeaf.LENGTH, creators.count()));
    }

    /** The root alone, which takes half the memory. */
    public static Hash root(SetKey key, Creators creators, long[] used) {
        return MerkleTree.root(leaves(key, creators, used), 0, CreatorLeaf.LENGTH, creators.count());
    }

    /** How many long numbers hold a bit for each of so many works. */
    public static int words(int works) {
        return (works + 63) >>> 6;
    }

    private static byte[] leaves(SetKey key, Creators creators, long[] used) {
        if (used.length < words(creators.works())) {
            throw new IllegalArgumentException("there are more works than bits");
        }
        byte[] leaves = new byte[Math.multiplyExact(creators.count(), CreatorLeaf.LENGTH)];
        int slices = (creators.count() + SLICE - 1) / SLICE;
        IntStream.range(0, slices).parallel().forEach(slice -> {
            byte[] scratch = new byte[Hash.BYTES];
            byte[] blocks = new byte[UsageBlocks.LENGTH];
            int last = Math.min(creators.count(), (slice + 1) * SLICE);
            for (int g = slice * SLICE; g < last; g++) {
                int count = UsageBlocks.count(creators.from(g), creators.to(g));
                if (blocks.length < count * UsageBlocks.LENGTH) {
                    blocks = new byte[count * UsageBlocks.LENGTH];
                }
                blocks(key, creators, used, g, scratch, blocks);
                CreatorLeaf.write(
                        g,
                        creators.from(g),
                        creators.to(g),
                        MerkleTree.root(blocks, 0, UsageBlocks.LENGTH, count),
                        leaves,
                        g * CreatorLeaf.LENGTH);
            }
        });
        return leaves;
    }

    private static void blocks(SetKey key, Creators creators, long[] used, int g, byte[] scratch, byte[] out) {
        int from = creators.from(g);
        int to = creators.to(g);
        int count = UsageBlocks.count(from, to);
        for (int b = 0; b < count; b++) {
            int at = b * UsageBlocks.LENGTH;
            for (int w = 0; w < UsageBlocks.WORKS / Long.SIZE; w++) {
                long first = from + (long) b * UsageBlocks.WORKS + (long) w * Long.SIZE;
                WORD.set(out, at + w * Long.BYTES, first < to ? bits(used, (int) first, to) : 0L);
            }
            key.blockSalt(g, b, scratch, out, at + UsageBlocks.BITS);
        }
    }

    /** The bits of up to 64 works from an ordinal on, that one lowest. */
    private static long bits(long[] used, int from, int to) {
        int word = from >>> 6;
        int shift = from & 63;
        long bits = used[word] >>> shift;
        if (shift > 0 && word + 1 < used.length) {
            bits |= used[word + 1] << (Long.SIZE - shift);
        }
        int left = to - from;
        return left < Long.SIZE ? bits & ((1L << left) - 1) : bits;
    }

    public Hash root() {
        return tree.root();
    }

    /** What a creator is shown: its own blocks, and the hashes from its leaf up. */
    public CreatorOpening open(int creator) {
        int count = UsageBlocks.count(creators.from(creator), creators.to(creator));
        byte[] blocks = new byte[count * UsageBlocks.LENGTH];
        blocks(key, creators, used, creator, new byte[Hash.BYTES], blocks);
        List<Hash> path = tree.path(creator);
        return new CreatorOpening(
                creator,
                creators.from(creator),
                creators.to(creator),
                new UsageBlocks(Arrays.copyOf(blocks, blocks.length)),
                path);
    }
}
