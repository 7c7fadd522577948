package org.tallystick.cli.demo;

import org.tallystick.platform.kernel.Money;

/**
 * The sums of one close: where the buyers' money went.
 *
 * @param gross what the buyers were charged
 * @param toCreators sum of the creators' statements
 * @param toCurators sum of the curators' statements
 * @param fees the platform's share
 * @param residue amounts below the smallest unit of the currency, carried to the next close
 * @param funded what the buyers paid into escrow
 * @param left what is left in escrow
 */
record MoneyTotals(
        Money gross, Money toCreators, Money toCurators, Money fees, Money residue, Money funded, Money left) {
    /**
     * Checks that no money appears or disappears.
     *
     * @throws WrongSumException where the sums do not agree
     */
    MoneyTotals {
        require(
                gross.equals(toCreators.plus(toCurators).plus(fees).plus(residue)),
                "gross " + gross + " is not creators " + toCreators + " + curators " + toCurators + " + fees " + fees
                        + " + residue " + residue);
        require(funded.equals(gross.plus(left)), "funded " + funded + " is not gross " + gross + " + left " + left);
        require(
                !residue.isNegative() && !left.isNegative(),
                "residue " + residue + " or escrow " + left + " is below 0");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new WrongSumException(otherwise);
        }
    }
}
