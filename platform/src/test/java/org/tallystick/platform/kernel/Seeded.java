package org.tallystick.platform.kernel;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs a property on many random inputs. A failure names the seed of the run that failed; {@code -Dtallystick.seed=…}
 * runs that one alone.
 */
public final class Seeded {
    private Seeded() {}

    /** Runs a property so many times, each with a generator of its own. */
    public static void check(int runs, Consumer<RandomGenerator> property) {
        String given = System.getProperty("tallystick.seed", "");
        if (given.matches("-?[0-9]+")) {
            once(Long.parseLong(given), property);
            return;
        }
        for (int i = 0; i < runs; i++) {
            once(ThreadLocalRandom.current().nextLong(), property);
        }
    }

    private static void once(long seed, Consumer<RandomGenerator> property) {
        try {
            property.accept(RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("failed with -Dtallystick.seed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
