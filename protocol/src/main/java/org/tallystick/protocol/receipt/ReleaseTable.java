package org.tallystick.protocol.receipt;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * What a buyer publishes with a job order: for each work of the dataset version the commitment {@code SHA-256(02 ‖ tag ‖
 * ordinal u32 ‖ release key)}, its first 16 bytes, or zeros where the work is not ordered. Edges and the meter check shown
 * keys against it. Its root is the RFC 6962 root over pages of {@value #PAGE_ENTRIES} entries, the last filled up with zeros,
 * so that a statement can show one page. Immutable but for the array it was given; thread-safe.
 */
public final class ReleaseTable {
    /** Bytes of a commitment. */
    public static final int ENTRY = 16;

    /** Bytes of a tag. */
    public static final int TAG_LENGTH = 16;

    /** Entries of a page. */
    public static final int PAGE_ENTRIES = 64;

    /** Most works a table is for. */
    public static final int MOST_WORKS = 1 << 24;

    private static final int PAGE = PAGE_ENTRIES * ENTRY;

    private final byte[] tag;
    private final byte[] entries;

    /**
     * @param tag {@value #TAG_LENGTH} bytes that no other order has
     * @param entries {@value #ENTRY} bytes for each work, in the order of their ordinals; not copied
     */
    public ReleaseTable(byte[] tag, byte[] entries) {
        if (tag.length != TAG_LENGTH) {
            throw new MalformedException("release/tag", "a tag has " + TAG_LENGTH + " bytes");
        }
        if (entries.length == 0 || entries.length % ENTRY != 0 || entries.length / ENTRY > MOST_WORKS) {
            throw new MalformedException(
                    "release/table", "a table has " + ENTRY + " bytes for each of 1 to " + MOST_WORKS + " works");
        }
        this.tag = tag.clone();
        this.entries = entries;
    }

    /** Works of the dataset version. */
    public int works() {
        return entries.length / ENTRY;
    }

    /** Works ordered. */
    public int ordered() {
        int ordered = 0;
        for (int ordinal = 0; ordinal < works(); ordinal++) {
            ordered += isOrdered(ordinal) ? 1 : 0;
        }
        return ordered;
    }

    /** Whether a work is ordered. */
    public boolean isOrdered(int ordinal) {
        int at = Objects.checkIndex(ordinal, works()) * ENTRY;
        for (int i = 0; i < ENTRY; i++) {
            if (entries[at + i] != 0) {
                return true;
            }
        }
        return false;
    }

    /** The bytes of the table; not a copy. */
    public byte[] entries() {
        return entries;
    }

    /** The tag. */
    public byte[] tag() {
        return tag.clone();
    }

    /** Pages of {@value #PAGE_ENTRIES} entries. */
    public int pages() {
        return (works() + PAGE_ENTRIES - 1) / PAGE_ENTRIES;
    }

    /** A page, filled up with zeros. */
    public byte[] page(int page) {
        int from = Objects.checkIndex(page, pages()) * PAGE;
        return Arrays.copyOfRange(entries, from, from + PAGE);
    }

    /** The root that a job order and its grants name. */
    public Hash root() {
        return MerkleTree.root(Arrays.copyOf(entries, pages() * PAGE), 0, PAGE, pages());
    }

    /**
     * Checks that this is the table an order commits to.
     *
     * @throws MalformedException {@code release/table}
     */
    public void check(JobOrder order) {
        if (works() != order.works() || ordered() != order.ordered() || !root().equals(order.keys())) {
            throw new MalformedException("release/table", "the table of release keys is not the one the order names");
        }
    }

    /** Whether a release key opens the commitment of a work; false for a work that is not ordered. */
    public boolean opens(int ordinal, ReleaseKey key) {
        return opens(ordinal, key.bytes(), 0);
    }

    /** Whether the {@value ReleaseKey#LENGTH} bytes at an offset open the commitment of a work. */
    public boolean opens(int ordinal, byte[] key, int offset) {
        if (ordinal < 0 || ordinal >= works() || !isOrdered(ordinal)) {
            return false;
        }
        byte[] found = commitment(tag, ordinal, key, offset);
        int at = ordinal * ENTRY;
        return Arrays.equals(found, 0, ENTRY, entries, at, at + ENTRY);
    }

    /** Whether a key opens the commitment at an ordinal of a page that was proven to be of a table with that tag. */
    public static boolean opens(byte[] tag, byte[] page, int ordinal, ReleaseKey key) {
        int at = ordinal % PAGE_ENTRIES * ENTRY;
        return Arrays.equals(commitment(tag, ordinal, key.bytes(), 0), 0, ENTRY, page, at, at + ENTRY);
    }

    static byte[] commitment(byte[] tag, int ordinal, byte[] key, int offset) {
        ByteBuffer in = ByteBuffer.allocate(1 + TAG_LENGTH + 4 + ReleaseKey.LENGTH);
        in.put((byte) 2).put(tag).putInt(ordinal).put(key, offset, ReleaseKey.LENGTH);
        return Arrays.copyOf(Sha256.hash(in.array()).toBytes(), ENTRY);
    }
}
