package org.tallystick.platform.ledger;

import java.time.Instant;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Hash;

/**
 * A transfer seen from one of its accounts. Immutable.
 *
 * @param counterparty the other account
 * @param change what it did to this account's balance: positive when it came in, negative when it went out
 */
public record Entry(
        Hash transferId,
        Hash groupId,
        Instant at,
        String counterparty,
        Money change,
        String description,
        String reference) {}
