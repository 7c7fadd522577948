/**
 * How payees want to be paid. Instructions are recorded; rails that carry them out come later.
 *
 * <p>Invariants: a payee instructs for itself only; of the instructions for one currency the newest is in force; where the
 * money goes is personal data, so the log holds a salted hash of it and the erasable original lies beside it; the same
 * instruction again is a repeat.
 *
 * <p>Trusts nothing a payee says about a destination: a rail has to find out. Read {@link
 * org.tallystick.platform.payout.Payouts} first.
 */
@NullMarked
package org.tallystick.platform.payout;

import org.jspecify.annotations.NullMarked;
