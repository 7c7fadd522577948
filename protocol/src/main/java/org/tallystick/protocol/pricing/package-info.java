/**
 * The one arithmetic of money, which rater, close and verifier share.
 *
 * <p>Invariants: amounts are whole numbers of e = 10<sup>-48</sup> of the major unit; everything linear is exact; the only
 * division is {@code part(A, w, W) = floor(A * w / W)}, which can be checked from its three numbers alone and loses less
 * than one e; what is posted is the floor of a cumulative amount to the micro; no floating point. {@code Fraction} is
 * there for papers of version 1 only. Trusts nothing but its arguments. Read
 * {@link org.tallystick.protocol.pricing.Exact} first, then {@code Worth}.
 */
@NullMarked
package org.tallystick.protocol.pricing;

import org.jspecify.annotations.NullMarked;
