/**
 * A simulated system under a seed: edges, buyers, a platform and a network that drops, delays, repeats, reorders and
 * damages messages, with a simulated clock and a disk that fails and loses power. The platform is the real one on a
 * real PostgreSQL; edges are modelled, so that each of their steps is an event.
 *
 * <p>Invariants: the same seed gives the same run; every difference from a plain list of deliveries ends the run and
 * names the seed and the step.
 *
 * <p>Trusts: nothing it simulates. Read first: {@link org.tallystick.bench.sim.Simulation}.
 */
@NullMarked
package org.tallystick.bench.sim;

import org.jspecify.annotations.NullMarked;
