package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import org.tallystick.protocol.codec.Currencies;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The price of a contract with one of the two simple models (member {@code pricing}). Each model is a type of its own
 * and knows its unit, so that a price per sample cannot be taken for another price. The currency is part of the price's
 * name, as in {@code pricePerUnitUsd}.
 */
public sealed interface Pricing {

    /** The price of one unit of the model. */
    Price price();

    /** What a micropay price is paid for. */
    enum Unit {
        /** One distinct work used within one job. */
        SAMPLE;

        /** The word used in documents. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A price for every unit used.
     *
     * @param unit what is counted
     * @param price of one unit
     */
    record Micropay(Unit unit, Price price) implements Pricing {
        public Micropay {
            Objects.requireNonNull(unit);
            Objects.requireNonNull(price);
        }
    }

    /**
     * One price for the whole contract, whatever is used.
     *
     * @param price of the contract
     */
    record Flat(Price price) implements Pricing {
        public Flat {
            Objects.requireNonNull(price);
        }
    }

    /**
     * An exact price.
     *
     * @param currency ISO 4217 code of a currency that has a minor unit
     * @param amount in the currency's major unit; 0 to 10^9, at most 12 decimals
     */
    record Price(String currency, BigDecimal amount) {
        /** Most decimals a price may have. */
        static final int MAX_DECIMALS = 12;

        private static final BigDecimal MAX = BigDecimal.TEN.pow(9);

        public Price {
            if (!Currencies.isKnown(currency)) {
                throw new MalformedException(
                        "contract/price-currency", Fields.shown(currency) + " is not a currency (ISO 4217)");
            }
            if (amount.signum() < 0) {
                throw new MalformedException("contract/price-negative", "a price is never negative");
            }
            if (amount.compareTo(MAX) > 0) {
                throw new MalformedException("contract/price-range", "a price is at most " + MAX.toPlainString());
            }
            amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
            if (amount.scale() > MAX_DECIMALS) {
                throw new MalformedException(
                        "contract/price-precision", "a price has at most " + MAX_DECIMALS + " decimals");
            }
        }
    }
}
