/**
 * Turns usage into money, period by period. The façade {@code Settlement} stands on three parts: {@code escrow} for money
 * before it is earned, {@code closing} for the pure close and its papers, {@code statements} for the files that prove a
 * statement. What computes the closes of a log again and compares tables with it is here.
 *
 * <p>Invariants: a close is a pure function of the log up to one position, the period and the closes before it, so doing
 * it again gives the same bytes; what is posted to a payee in all periods is the sum of its amounts in e, rounded down to
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
