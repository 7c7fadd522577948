/**
 * The one arithmetic of money, which rater and verifier share.
 *
 * <p>Invariants: exact until one named rounding; no floating point. Trusts nothing but its arguments. Read
 * {@link org.tallystick.protocol.pricing.Ratio} first.
 */
@NullMarked
package org.tallystick.protocol.pricing;

import org.jspecify.annotations.NullMarked;
