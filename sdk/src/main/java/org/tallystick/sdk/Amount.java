package org.tallystick.sdk;

import java.math.BigDecimal;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * An amount of money as the API writes it: an exact decimal in the currency's major unit, as in
 * {@code Amount.of("12.50", "USD")}. Immutable.
 *
 * @param value exact; at most six decimals
 * @param currency ISO 4217 code
 */
public record Amount(BigDecimal value, String currency) {
    private static final int MAX_DECIMALS = 6;

    /** Refuses finer amounts than the platform books. */
    public Amount {
        if (value.stripTrailingZeros().scale() > MAX_DECIMALS) {
            throw new IllegalArgumentException("an amount has at most six decimals: " + value.toPlainString());
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("not a currency code: " + currency);
        }
    }

    /** An amount from plain decimal text. */
    public static Amount of(String value, String currency) {
        return new Amount(new BigDecimal(value), currency);
    }

    static Amount of(Fields fields) {
        String text = fields.text("amount", 40);
        try {
            return of(text, fields.text("currency", 3));
        } catch (IllegalArgumentException e) { // NumberFormatException is one
            throw new MalformedException("money/malformed", Fields.shown(text) + " is not an amount");
        }
    }

    Json.Obj json() {
        return Json.object()
                .put("amount", value.toPlainString())
                .put("currency", currency)
                .build();
    }

    /** The sum of two amounts of one currency. */
    public Amount plus(Amount other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(currency + " and " + other.currency + " do not mix");
        }
        return new Amount(value.add(other.value), currency);
    }

    /** {@code 12.50 USD}. */
    @Override
    public String toString() {
        return value.toPlainString() + " " + currency;
    }
}
