package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/**
 * A unit price that depends on the volume. Each unit costs the price of the step it falls in; only the units above a
 * step get its price, so that using more never costs less in total.
 *
 * @param first price of the units up to the first step
 * @param steps further prices, by ascending number of units; at most 16
 * @param <P> the price of one kind of unit
 */
public record Volume<P extends UnitPrice>(P first, List<Step<P>> steps) {
    /** Most steps. */
    static final int MAX_STEPS = 16;

    /**
     * A price for the units above a number.
     *
     * @param above units up to this number cost what the step before says; at least 1
     * @param price of each unit above
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

    /** The exact cost of so many units in total, in the currency's major unit. */
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
