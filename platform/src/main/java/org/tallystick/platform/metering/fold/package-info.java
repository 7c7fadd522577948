/**
 * The pure half of metering: bundles of receipts folded into usage sets, from loaded values to changed values.
 *
 * <p>Invariants: folding a batch twice, or batches in another order, gives the same sets; nothing here reads a database, a file
 * or a clock. Trusts the signatures that intake has checked, nothing else of a leaf. Read
 * {@link org.tallystick.platform.metering.fold.Folder} first, then {@code Classifier}.
 */
@NullMarked
package org.tallystick.platform.metering.fold;

import org.jspecify.annotations.NullMarked;
