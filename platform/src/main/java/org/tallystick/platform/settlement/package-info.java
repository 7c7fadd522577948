/**
 * Turns usage into money, period by period: what the buyer owes, what each payee earns, the postings, the statements and
 * invoices that say so, and the file that proves a statement.
 *
 * <p>Invariants: a close is a pure function of the log up to one position, the period and the closes before it, so doing
 * it again gives the same bytes; what is posted to a payee in all periods is what it has earned exactly, rounded down to
 * the micro, and what rounding leaves stays in the contract's residue; charged = earned + fee + residue to the last
 * micro; what escrow cannot cover is owed, not lost; a work is billed once per job and scope, and a receipt that comes
 * after its period's close becomes a line that names the line it corrects.
 *
 * <p>Trusts metering for the sets, contracts for the terms and the ledger to post groups whole. Read {@link
 * org.tallystick.platform.settlement.closing.CloseCalculator} first, the pure half, then {@code Settlement}.
 */
@NullMarked
package org.tallystick.platform.settlement;

import org.jspecify.annotations.NullMarked;
