package org.tallystick.platform.rating;

import java.util.List;
import java.util.Objects;
import org.tallystick.platform.kernel.Rational;

/**
 * What usage comes to, in major units of the contract's currency.
 *
 * @param gross what the buyer owes
 * @param fee what the platform keeps of it
 * @param amounts what is left, by payee; together with the fee exactly the gross
 */
public record Rated(Rational gross, Rational fee, List<Amount> amounts) {
    /** Nothing used, nothing owed. */
    public static final Rated NOTHING = new Rated(Rational.ZERO, Rational.ZERO, List.of());

    public Rated {
        Objects.requireNonNull(gross);
        amounts = List.copyOf(amounts);
        Rational sum = fee;
        for (Amount amount : amounts) {
            sum = sum.plus(amount.exact());
        }
        if (!sum.equals(gross)) {
            throw new IllegalStateException("amounts and fee come to " + sum + ", the gross is " + gross);
        }
    }
}
