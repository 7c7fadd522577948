/**
 * A long test: simulations under seeds, real processes killed under load, and every decoder fuzzed, until the time is
 * over.
 *
 * <p>Invariants: a failed check ends the test with exit code 1 and prints what is needed to repeat it; everything done
 * to the system is counted and printed.
 *
 * <p>Trusts: nothing it runs. Read first: {@link org.tallystick.bench.soak.Soak}.
 */
@NullMarked
package org.tallystick.bench.soak;

import org.jspecify.annotations.NullMarked;
