package org.tallystick.platform.ledger;

import org.tallystick.platform.kernel.Currency;

/**
 * An account to open. Immutable.
 *
 * @param name a kind in lower case, optionally followed by a colon and what it is of, for example {@code escrow:buyer-1};
 *     at most 200 characters; unique in the ledger
 * @param currency of every transfer that will touch it
 */
public record AccountSpec(String name, Currency currency, AccountKind kind) {
    /** @throws IllegalArgumentException for a name that is none */
    public AccountSpec {
        Texts.account(name);
    }
}
