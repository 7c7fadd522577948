/**
 * The long campaign: worlds under seeds, real processes killed under load, every decoder fuzzed, until the time is up.
 *
 * <p>Invariants: whatever does not hold ends the campaign with exit code 1 and what replays it; what was done to the system
 * is counted and printed.
 *
 * <p>Trusts: nothing it runs. Read first: {@link org.tallystick.bench.soak.Soak}.
 */
@NullMarked
package org.tallystick.bench.soak;

import org.jspecify.annotations.NullMarked;
