/**
 * Turns usage and a contract into exact amounts with reasons; nothing else in the platform knows a price.
 *
 * <p>Invariants: pure functions of their arguments; no rounding anywhere (rounding happens once, where settlement posts);
 * the amounts of a contract add up to its gross exactly. Trusts that a contract's form is checked ({@link
 * org.tallystick.protocol.ContractDocument}) and that usage is distinct. Read {@link
 * org.tallystick.platform.rating.Rater} first.
 */
@NullMarked
package org.tallystick.platform.rating;

import org.jspecify.annotations.NullMarked;
