package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * The price of one unit of something metered. Each unit is a type and takes only its own {@link Quantity}, so that a
 * price per thousand tokens can never be multiplied with a number of samples: that does not compile.
 */
public sealed interface UnitPrice {
    Pricing.Price price();

    /** What so many cost, exactly, in the currency's major unit. */
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
