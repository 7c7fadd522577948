package org.tallystick.platform.ledger;

import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Hash;

/**
 * One amount from one account to another. Immutable.
 *
 * @param id 32 bytes the caller derives from what is being paid, so that paying it twice is impossible
 * @param debit name of the account it leaves
 * @param credit name of the account it reaches, another one
 * @param amount more than nothing and at most {@link Money#LIMIT}
 * @param description for a person, at most 500 characters
 * @param reference for a program, at most 500 characters: what this pays, for example a statement line
 */
public record Transfer(Hash id, String debit, String credit, Money amount, String description, String reference) {
    /** @throws IllegalArgumentException where the above does not hold */
    public Transfer {
        Texts.account(debit);
        Texts.account(credit);
        Texts.text("a description", description);
        Texts.text("a reference", reference);
        if (debit.equals(credit)) {
            throw new IllegalArgumentException("a transfer needs two accounts, not " + debit + " twice");
        }
        if (!amount.isPositive()) {
            throw new IllegalArgumentException("a transfer moves more than nothing, not " + amount);
        }
        if (!amount.isWithinLimit()) {
            throw new IllegalArgumentException("a transfer moves at most 10^24 units, not " + amount);
        }
    }
}
