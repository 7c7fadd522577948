package org.tallystick.platform.ledger;

import java.time.Instant;
import org.tallystick.protocol.codec.Hash;

/**
 * A transfer with where it stands. Immutable.
 *
 * @param at when it took effect
 */
public record PostedTransfer(Hash groupId, Instant at, Transfer transfer) {}
