package org.tallystick.cli.demo;

import org.tallystick.platform.kernel.Money;

/**
 * Where the money went.
 *
 * @param gross what the buyers were charged
 * @param toCreators what creators are owed
 * @param toCurators what curators are owed
 * @param fees what the platform keeps
 * @param residue what is smaller than the smallest unit of every payee, carried to the next close
 * @param funded what the buyers paid into escrow
 * @param left what is still there
 */
record Earnings(Money gross, Money toCreators, Money toCurators, Money fees, Money residue, Money funded, Money left) {
    /** Refuses to exist where money is made or lost. */
    Earnings {
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
