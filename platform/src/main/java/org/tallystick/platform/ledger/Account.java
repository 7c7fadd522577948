package org.tallystick.platform.ledger;

import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;

/**
 * An account as it stands. Immutable.
 *
 * @param debits sum of all that went out, in whole micros, not negative
 * @param credits sum of all that came in, in whole micros, not negative
 */
public record Account(String name, Currency currency, AccountKind kind, Money debits, Money credits) {
    /** What is in it: credits less debits. */
    public Money balance() {
        return credits.minus(debits);
    }
}
