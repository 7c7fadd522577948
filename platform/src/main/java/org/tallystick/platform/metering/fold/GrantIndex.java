package org.tallystick.platform.metering.fold;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens and their grants, keyed by the three words of the token id: open addressing, no object per lookup. Not
 * thread-safe.
 */
public final class GrantIndex {
    /** Answer for a token not looked up yet. */
    public static final int NONE = 0;
    /** Answer for a token nobody was granted. */
    public static final int UNKNOWN = 1;

    private static final int SMALLEST = 64;
    private static final long SECRET = new SecureRandom().nextLong();
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final List<IndexedGrant> grants = new ArrayList<>();
    private long[] keys = new long[3 * SMALLEST];
    private int[] slots = new int[SMALLEST];
    private int size;
    private int unknown;

    /** {@link #NONE}, {@link #UNKNOWN}, or a number for {@link #get}. */
    public int find(long word0, long word1, long word2) {
        int mask = slots.length - 1;
        for (int slot = slot(word0, word1, mask); slots[slot] != NONE; slot = (slot + 1) & mask) {
            int at = 3 * slot;
            if (keys[at] == word0 && keys[at + 1] == word1 && keys[at + 2] == word2) {
                return slots[slot];
            }
        }
        return NONE;
    }

    public IndexedGrant get(int number) {
        return grants.get(number - 2);
    }

    /** Adds a token that is not there yet; answers its number. */
    public int put(long word0, long word1, long word2, IndexedGrant indexed) {
        grants.add(indexed);
        add(word0, word1, word2, grants.size() + 1);
        return grants.size() + 1;
    }

    /** Notes that nobody was granted this token. */
    public int putUnknown(long word0, long word1, long word2) {
        add(word0, word1, word2, UNKNOWN);
        unknown++;
        return UNKNOWN;
    }

    /** Forgets what tokens are unknown, since the log may grow by their grants; that takes forgetting all. */
    public void forgetUnknown() {
        if (unknown > 0) {
            forget();
        }
    }

    /** Forgets all tokens. */
    void forget() {
        unknown = 0;
        grants.clear();
        keys = new long[3 * SMALLEST];
        slots = new int[SMALLEST];
        size = 0;
    }

    private void add(long word0, long word1, long word2, int number) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        insert(word0, word1, word2, number);
        size++;
    }

    private void insert(long word0, long word1, long word2, int number) {
        int mask = slots.length - 1;
        int slot = slot(word0, word1, mask);
        while (slots[slot] != NONE) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = number;
        keys[3 * slot] = word0;
        keys[3 * slot + 1] = word1;
        keys[3 * slot + 2] = word2;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldSlots = slots;
        keys = new long[2 * oldKeys.length];
        slots = new int[2 * oldSlots.length];
        for (int i = 0; i < oldSlots.length; i++) {
            if (oldSlots[i] != NONE) {
                insert(oldKeys[3 * i], oldKeys[3 * i + 1], oldKeys[3 * i + 2], oldSlots[i]);
            }
        }
    }

    private static int slot(long word0, long word1, int mask) {
        return (int) ((((word0 ^ SECRET) * ODD + word1) * ODD) >>> 32) & mask;
    }
}
