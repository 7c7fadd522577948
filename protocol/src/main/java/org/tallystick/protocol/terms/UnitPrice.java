package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * The price of one metered unit. Each unit has a type of its own that accepts only its own {@link Quantity}:
 * multiplying a price per thousand tokens with a number of samples does not compile.
 */
public sealed interface UnitPrice {
    Pricing.Price price();

    /** The exact cost of so many units, in the currency's major unit. */
    BigDecimal exactly(long count);

    /** The price of one distinct work used within one job. */
    record PerSample(Pricing.Price price) implements UnitPrice {
        public PerSample {
            Objects.requireNonNull(price);
        }

        @Override
        public BigDecimal exactly(long count) {
            return price.amount().multiply(BigDecimal.valueOf(count));
        }
    }

    /** The price of a thousand tokens a model gave out. */
    record PerThousandTokens(Pricing.Price price) implements UnitPrice {
        public PerThousandTokens {
            Objects.requireNonNull(price);
        }

        @Override
        public BigDecimal exactly(long count) {
            return price.amount().multiply(BigDecimal.valueOf(count)).movePointLeft(3);
        }
    }

    /** The price of one answer of a model to which a work contributed enough. */
    record PerInference(Pricing.Price price) implements UnitPrice {
        public PerInference {
            Objects.requireNonNull(price);
        }

        @Override
        public BigDecimal exactly(long count) {
            return price.amount().multiply(BigDecimal.valueOf(count));
        }
    }
}
