/**
 * How payees want to be paid: instructions on record, before there are rails to carry them out.
 *
 * <p>Invariants: a payee instructs for itself alone; the latest instruction for a currency holds and the earlier ones
 * stay on record; where the money is to go is personal data and never enters the log, which holds a salted hash of it;
 * the same instruction again changes nothing.
 *
 * <p>Trusts the caller to have authenticated who asks. Read {@link Payouts} first.
 */
@NullMarked
package org.tallystick.platform.payout;

import org.jspecify.annotations.NullMarked;
