package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/**
 * A price that changes with volume. Each unit costs what the step it falls in says, so that one unit more never costs
 * less in all.
 *
 * @param first price up to the first step
 * @param steps further prices, from an ascending number of units on; at most {@value #MAX_STEPS}
 * @param <P> the unit
 */
public record Volume<P extends UnitPrice>(P first, List<Step<P>> steps) {
    /** Most steps. */
    static final int MAX_STEPS = 16;

    /**
     * A price from some volume on.
     *
     * @param above units that cost what the step before says; at least 1
     */
    public record Step<P extends UnitPrice>(long above, P price) {
        public Step {
            Bounds.within(above, 1, 1_000_000_000_000_000L, "volume", "above");
            Objects.requireNonNull(price);
        }
    }

    public Volume {
        Objects.requireNonNull(first);
        steps = List.copyOf(steps);
        if (steps.size() > MAX_STEPS) {
            throw Bounds.fault("volume", "", "has more than " + MAX_STEPS + " steps");
        }
        long last = 0;
        for (Step<P> step : steps) {
            if (step.above() <= last) {
                throw Bounds.fault("volume", "above", step.above() + " does not come after " + last);
            }
            if (!step.price().price().currency().equals(first.price().currency())) {
                throw Bounds.fault("currencies-mixed", "", "a price changes its currency with volume");
            }
            last = step.above();
        }
    }

    /** One price whatever the volume. */
    public static <P extends UnitPrice> Volume<P> flat(P price) {
        return new Volume<>(price, List.of());
    }

    /** What so many units cost in all; exact. */
    BigDecimal exactly(long count) {
        BigDecimal sum = BigDecimal.ZERO;
        long done = 0;
        P price = first;
        for (Step<P> step : steps) {
            long upTo = Math.min(count, step.above());
            sum = sum.add(price.exactly(upTo - done));
            done = upTo;
            price = step.price();
        }
        return sum.add(price.exactly(count - done));
    }
}
