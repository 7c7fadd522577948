package org.tallystick.platform.metering.fold;

import java.util.Arrays;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * A growing set of log positions. They come in rising order but for rare exceptions and close together, so the latest lie
 * as bits in a window of a few words and enter the bitmap run by run when it is asked for. Not thread-safe.
 */
public final class Positions {
    private static final int FIRST_WORDS = 4;
    private static final int MOST_WORDS = 512;

    private final Roaring64NavigableMap settled;
    private long[] window = new long[FIRST_WORDS];
    private long base = -1;
    private long last = -1;

    public Positions() {
        this(new Roaring64NavigableMap());
    }

    /** @param settled taken over */
    Positions(Roaring64NavigableMap settled) {
        this.settled = settled;
    }

    public void add(long position) {
        if (position == last) {
            return;
        }
        last = position;
        long offset = position - base;
        if (base < 0 || offset < 0 || offset >= (long) MOST_WORDS * Long.SIZE) {
            settle();
            base = position & -Long.SIZE;
            offset = position - base;
        }
        int word = (int) (offset >>> 6);
        if (word >= window.length) {
            window = Arrays.copyOf(window, Math.min(MOST_WORDS, Math.max(word + 1, 2 * window.length)));
        }
        window[word] |= 1L << offset;
    }

    private void settle() {
        for (int word = 0; word < window.length; word++) {
            long bits = window[word];
            long start = base + ((long) word << 6);
            window[word] = 0;
            if (bits == -1L) {
                settled.addRange(start, start + Long.SIZE);
            }
            for (; bits != 0 && bits != -1L; bits &= bits - 1) {
                settled.addLong(start + Long.numberOfTrailingZeros(bits));
            }
        }
        base = -1;
        last = -1;
    }

    /** All positions; not to be changed, and to be asked for again after the next {@link #add}. */
    public Roaring64NavigableMap all() {
        settle();
        return settled;
    }

    /** The same positions in a set of its own. */
    public Positions copy() {
        Roaring64NavigableMap copy = new Roaring64NavigableMap();
        copy.or(all());
        return new Positions(copy);
    }

    /** Bytes of memory, about. */
    long footprint() {
        return settled.getLongSizeInBytes() + (long) window.length * Long.BYTES;
    }
}
