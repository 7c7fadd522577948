/**
 * The words every room shares: money, exact numbers, ids, pages, and the shape of an answer that may be refused.
 *
 * <p>Invariants: every value is validated where it is made and immutable afterwards; money is a whole number of micros
 * of one currency and never passes through floating point; an expected refusal is an {@link Outcome}, a broken
 * invariant is an exception.
 *
 * <p>Trusts nothing and depends on nothing but the JDK. Read {@link Outcome} first, then {@link Money}.
 */
@NullMarked
package org.tallystick.platform.kernel;

import org.jspecify.annotations.NullMarked;
