/**
 * Money of buyers before it is earned: accounts and deposits.
 *
 * <p>Invariants: a deposit is booked once for its reference. Trusts the operator's word for money that came from a bank. Read
 * {@link org.tallystick.platform.settlement.escrow.Deposit} first.
 */
@NullMarked
package org.tallystick.platform.settlement.escrow;

import org.jspecify.annotations.NullMarked;
