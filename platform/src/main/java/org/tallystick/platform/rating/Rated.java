package org.tallystick.platform.rating;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.pricing.Exact;

/**
 * What usage comes to, in e of the contract's currency.
 *
 * @param gross what the buyer owes
 * @param fee what the platform keeps of it
 * @param amounts what is left, by payee; with the fee exactly the gross under a price per use, and under a flat price
 *     less than one e below it for each amount, which stays in the contract's residue
 */
public record Rated(Exact gross, Exact fee, List<Amount> amounts) {
    /** Nothing used, nothing owed. */
    public static final Rated NOTHING = new Rated(Exact.ZERO, Exact.ZERO, List.of());

    public Rated {
        Objects.requireNonNull(gross);
        amounts = List.copyOf(amounts);
        Exact lost = gross.minus(fee);
        long divisions = 0;
        for (Amount amount : amounts) {
            lost = lost.minus(amount.exact());
            divisions += amount.worth().isFlat() ? 1 : 0;
        }
        boolean adds = divisions == 0
                ? lost.signum() == 0
                : lost.signum() >= 0 && lost.e().compareTo(BigInteger.valueOf(divisions)) < 0;
        if (!adds) {
            throw new IllegalStateException("amounts and fee come to " + gross.minus(lost) + ", the gross is " + gross);
        }
    }
}
