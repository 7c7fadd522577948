package org.tallystick.edge.spool;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A set of works by their ordinals in one dataset version, because a quota is a number of distinct works. A small set is a
 * table of numbers, a large one bits, whichever takes less memory. It only grows. Not thread-safe.
 */
final class WorkSet {
    /** The byte form is a list of u32. */
    private static final byte LIST = 0;

    /** The byte form is bits, ordinal 0 lowest. */
    private static final byte BITS = 1;

    private static final int MIX = 0x9E3779B9;

    private int[] table = new int[8]; // ordinal + 1; 0 where nothing is
    private BitSet bits = new BitSet(0);
    private boolean dense;
    private int size;
    private int highest;

    boolean contains(int ordinal) {
        return dense ? bits.get(ordinal) : table[slot(table, ordinal)] != 0;
    }

    /** Adds a work; false where it is there already. */
    boolean add(int ordinal) {
        if (contains(ordinal)) {
            return false;
        }
        size++;
        highest = Math.max(highest, ordinal);
        if (dense) {
            bits.set(ordinal);
            return true;
        }
        table[slot(table, ordinal)] = ordinal + 1;
        if (2 * size > table.length) {
            grow();
        }
        return true;
    }

    private void grow() {
        if (8L * table.length > highest / Byte.SIZE + 64) {
            BitSet all = new BitSet(highest + 1);
            for (int entry : table) {
                if (entry != 0) {
                    all.set(entry - 1);
                }
            }
            bits = all;
            dense = true;
            table = new int[0];
            return;
        }
        int[] larger = new int[2 * table.length];
        for (int entry : table) {
            if (entry != 0) {
                larger[slot(larger, entry - 1)] = entry;
            }
        }
        table = larger;
    }

    /** Where an ordinal stands in a table, or would. */
    private static int slot(int[] table, int ordinal) {
        int mixed = ordinal * MIX;
        int at = (mixed ^ mixed >>> 16) & (table.length - 1);
        while (table[at] != 0 && table[at] != ordinal + 1) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    int size() {
        return size;
    }

    /** Bytes of memory its works take, about. */
    long memory() {
        return dense ? bits.size() / Byte.SIZE : (long) Integer.BYTES * table.length;
    }

    /** The byte form: form u8, length of what follows u32, then the works. */
    byte[] encode() {
        boolean list = (long) Integer.BYTES * size <= highest / Byte.SIZE + 1;
        if (!list) {
            byte[] as = asBits().toByteArray();
            return ByteBuffer.allocate(5 + as.length)
                    .put(BITS)
                    .putInt(as.length)
                    .put(as)
                    .array();
        }
        ByteBuffer out = ByteBuffer.allocate(5 + Integer.BYTES * size);
        out.put(LIST).putInt(Integer.BYTES * size);
        asBits().stream().forEach(out::putInt);
        return out.array();
    }

    private BitSet asBits() {
        if (dense) {
            return bits;
        }
        BitSet all = new BitSet(size == 0 ? 0 : highest + 1);
        for (int entry : table) {
            if (entry != 0) {
                all.set(entry - 1);
            }
        }
        return all;
    }

    /**
     * Adds the works of a byte form and reads past it.
     *
     * @throws org.tallystick.protocol.codec.MalformedException {@code spool/quota}
     */
    void addAll(ByteBuffer in) {
        QuotaCounts.require(in.remaining() >= 5, "a set of works is cut short");
        byte form = in.get();
        int length = in.getInt();
        QuotaCounts.require(length >= 0 && length <= in.remaining(), "a set of works is cut short");
        ByteBuffer works = in.slice(in.position(), length);
        in.position(in.position() + length);
        if (form == BITS) {
            BitSet.valueOf(works).stream().forEach(this::add);
            return;
        }
        QuotaCounts.require(form == LIST && length % Integer.BYTES == 0, "a set of works has no known form");
        while (works.hasRemaining()) {
            int ordinal = works.getInt();
            QuotaCounts.require(ordinal >= 0 && ordinal < Integer.MAX_VALUE, "an ordinal is not negative");
            add(ordinal);
        }
    }
}
