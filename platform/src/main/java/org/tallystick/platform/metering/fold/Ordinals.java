package org.tallystick.platform.metering.fold;

import java.security.SecureRandom;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.LeafForm;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.LeafReader;

/**
 * Finds the ordinal of a work in its dataset version from the four words of its content id, without an object. Open
 * addressing over the ordinals; the keys lie in ordinal order. Where a key lands depends on a secret of the process,
 * since whoever makes works can also search for content ids that begin alike. Immutable, thread-safe.
 */
public final class Ordinals {
    /** What {@link #find} answers for a work that is not a member. */
    public static final int ABSENT = -1;

    private static final long SECRET = new SecureRandom().nextLong();
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final long[] words;
    private final int[] slots;
    private final int mask;
    private final int size;
    private final long[] lengths;
    /** By ordinal; empty where no work of the version has free ranges. */
    private final FreeRanges[] free;

    private Ordinals(List<MeteredWork> works) {
        this.size = works.size();
        this.lengths = works.stream().mapToLong(MeteredWork::bytes).toArray();
        boolean any = works.stream().anyMatch(work -> !work.free().isEmpty());
        this.free = any ? works.stream().map(MeteredWork::free).toArray(FreeRanges[]::new) : new FreeRanges[0];
        int capacity = Integer.highestOneBit(Math.max(8, size)) << 2;
        this.words = new long[Math.multiplyExact(size, 4)];
        this.slots = new int[capacity];
        this.mask = capacity - 1;
    }

    /** @param works in ordinal order, each content once */
    public static Ordinals of(List<MeteredWork> works) {
        Ordinals ordinals = new Ordinals(works);
        for (int i = 0; i < works.size(); i++) {
            ordinals.put(i, works.get(i).content());
        }
        return ordinals;
    }

    private void put(int ordinal, Hash content) {
        if (find(content) != ABSENT) {
            throw new IllegalArgumentException("a work stands twice in the dataset version: " + content);
        }
        words[4 * ordinal] = content.word0();
        words[4 * ordinal + 1] = content.word1();
        words[4 * ordinal + 2] = content.word2();
        words[4 * ordinal + 3] = content.word3();
        int slot = slot(content.word0(), content.word1());
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = ordinal + 1;
    }

    /** Works in the dataset version. */
    public int size() {
        return size;
    }

    public int find(Hash content) {
        return find(content.word0(), content.word1(), content.word2(), content.word3());
    }

    /** The ordinal of the work, or {@link #ABSENT}. */
    public int find(long word0, long word1, long word2, long word3) {
        for (int slot = slot(word0, word1); slots[slot] != 0; slot = (slot + 1) & mask) {
            if (isAt(slots[slot] - 1, word0, word1, word2, word3)) {
                return slots[slot] - 1;
            }
        }
        return ABSENT;
    }

    /** The ordinal a work has if it is a member and nothing lies in its way, else any other or {@link #ABSENT}. */
    public int guess(long word0, long word1) {
        return slots[slot(word0, word1)] - 1;
    }

    /** Whether this is the work at an ordinal. */
    public boolean isAt(int ordinal, long word0, long word1, long word2, long word3) {
        int at = 4 * ordinal;
        return words[at] == word0 && words[at + 1] == word1 && words[at + 2] == word2 && words[at + 3] == word3;
    }

    /** Whether a delivery promises bytes that the work has, and a whole one all of them. */
    boolean fits(int ordinal, LeafReader leaf) {
        long length = lengths[ordinal];
        if (leaf.form() == LeafForm.ONE) {
            return leaf.bytes() <= length;
        }
        return leaf.kindCode() == LeafKind.FULL.code() ? leaf.bytes() == length : leaf.from() + leaf.bytes() <= length;
    }

    /** Whether handing over what a delivery promises is a use: not if all of it is free. */
    boolean isUse(int ordinal, LeafReader leaf) {
        return isUse(ordinal, leaf, leaf.bytes());
    }

    /** Whether handing over so many bytes of what a delivery promises is a use. */
    boolean isUse(int ordinal, LeafReader leaf, long handed) {
        return free.length == 0 || free[ordinal].isUse(leaf.form(), leaf.from(), leaf.bytes(), handed);
    }

    /** The content id of an ordinal. */
    public Hash content(int ordinal) {
        int at = 4 * ordinal;
        return new Hash(words[at], words[at + 1], words[at + 2], words[at + 3]);
    }

    /** All content ids, 32 bytes each, in the order of their ordinals. */
    public byte[] contents() {
        byte[] contents = new byte[Math.multiplyExact(size, Hash.BYTES)];
        for (int ordinal = 0; ordinal < size; ordinal++) {
            content(ordinal).writeTo(contents, ordinal * Hash.BYTES);
        }
        return contents;
    }

    private int slot(long word0, long word1) {
        long mixed = ((word0 ^ SECRET) * ODD + word1) * ODD;
        return (int) (mixed >>> 32) & mask;
    }
}
