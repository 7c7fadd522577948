/**
 * Statements as files: what stands behind their lines, gathered and proven, and the ways between uses, lines, invoices and
 * postings.
 *
 * <p>Invariants: a file depends on the log up to its close alone, so it is the same bytes whenever it is asked for; it
 * shows nothing of any other payee. Trusts the tables of {@code closing} and the receipts that metering finds. Read {@link
 * org.tallystick.platform.settlement.statements.Exporter} first, then {@code References}.
 */
@NullMarked
package org.tallystick.platform.settlement.statements;

import org.jspecify.annotations.NullMarked;
