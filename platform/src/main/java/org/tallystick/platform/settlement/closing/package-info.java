/**
 * The close of a period: a pure function from usage, contracts and earlier closes to lines, postings and papers, and the tables
 * that keep the result.
 *
 * <p>Invariants: the same log position gives the same bytes; what is posted is the cumulative amount less what was posted before.
 * Trusts what metering counted and contracts accepted. Read {@link org.tallystick.platform.settlement.closing.CloseInput} first,
 * then {@code CloseCalculator}.
 */
@NullMarked
package org.tallystick.platform.settlement.closing;

import org.jspecify.annotations.NullMarked;
