package org.tallystick.protocol.usage;

import java.util.Arrays;

/**
 * Where each creator's works lie in a dataset version, whose works are sorted by creator: creator g has the ordinals from
 * {@code starts[g]} up to {@code starts[g + 1]}. The same for every set of the version, so a creator's place never changes.
 */
public final class Creators {
    private final int[] starts;

    /** @param starts ascending, the first 0, the last the number of works; not to be changed afterwards */
    public Creators(int[] starts) {
        if (starts.length < 1 || starts[0] != 0) {
            throw new IllegalArgumentException("the works of a version begin at ordinal 0");
        }
        for (int g = 1; g < starts.length; g++) {
            if (starts[g] <= starts[g - 1]) {
                throw new IllegalArgumentException("creator " + (g - 1) + " has no works");
            }
        }
        this.starts = Arrays.copyOf(starts, starts.length);
    }

    /** How many there are. */
    public int count() {
        return starts.length - 1;
    }

    /** How many works they have together. */
    public int works() {
        return starts[starts.length - 1];
    }

    /** First ordinal of a creator's works. */
    public int from(int creator) {
        return starts[creator];
    }

    /** The ordinal after a creator's last work. */
    public int to(int creator) {
        return starts[creator + 1];
    }
}
