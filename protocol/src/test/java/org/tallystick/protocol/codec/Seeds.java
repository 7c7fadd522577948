package org.tallystick.protocol.codec;

import java.util.SplittableRandom;

/**
 * Runs a property on seeded random input; a failure names the seed that replays it ({@code -Dtallystick.seed=…}). Where
 * {@code CI} is set the cases are the same each time, so that a verdict is about the change and not about luck;
 * everywhere else they are new ones.
 */
public final class Seeds {
    private Seeds() {}

    /** A property of one random case. */
    @FunctionalInterface
    public interface Property {
        void holds(SplittableRandom random) throws Exception;
    }

    /** Checks a property on so many cases, or on the one case of the seed that is set. */
    public static void check(int cases, Property property) {
        String set = System.getProperty("tallystick.seed", "");
        if (set.matches("-?\\d+")) {
            one(Long.parseLong(set), property);
            return;
        }
        boolean repeatable = System.getenv("CI") != null;
        SplittableRandom seeds = repeatable ? new SplittableRandom(0) : new SplittableRandom();
        for (int i = 0; i < cases; i++) {
            one(seeds.nextLong(), property);
        }
    }

    private static void one(long seed, Property property) {
        try {
            property.holds(new SplittableRandom(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("fails with seed " + seed + "; replay with -Dtallystick.seed=" + seed, e);
        }
    }

    /** So many random bytes. */
    public static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
