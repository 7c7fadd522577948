/**
 * Benchmarks: what the edge, the meter and the ledger carry, each beside a yardstick measured in the same call.
 *
 * <p>Purpose: figures that can be compared on any machine, because each comes as a ratio to something everybody has.
 * Invariants: a figure is the median of its runs and shows their spread; the work measured is the work the product does,
 * durable where the product is durable. Trusts: nothing; what was carried is counted afterwards. Read first: {@link
 * org.tallystick.bench.Main}.
 */
@NullMarked
package org.tallystick.bench;

import org.jspecify.annotations.NullMarked;
