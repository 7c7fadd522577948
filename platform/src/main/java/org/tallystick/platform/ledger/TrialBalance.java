package org.tallystick.platform.ledger;

import java.math.BigInteger;
import org.tallystick.platform.kernel.Currency;

/**
 * Everything in one currency, summed over all accounts. Sums of sums may leave the range of a single amount, so they are
 * big integers. Immutable.
 *
 * @param accounts how many there are
 * @param debits sum of their debits, in micros
 * @param credits sum of their credits, in micros; equal to the debits unless somebody tampered
 * @param held sum of the balances above zero, in micros: the money in the ledger
 */
public record TrialBalance(Currency currency, long accounts, BigInteger debits, BigInteger credits, BigInteger held) {
    /** Whether debits equal credits. */
    public boolean isBalanced() {
        return debits.equals(credits);
    }
}
