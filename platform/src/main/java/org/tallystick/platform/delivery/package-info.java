/**
 * From a contract to receipts: jobs, the tokens buyers fetch works with, the edges that deliver them, what the edges
 * ship, and what buyers report of their training.
 *
 * <p>Invariants: no token outlives or exceeds its contract; an edge's batches are taken in order, each proven by its
 * signature and its leaves, each once; a sequence number without a receipt is in a recorded gap; an edge that signed two
 * stories leaves both in the log; a repeat of anything is a success that changes nothing.
 *
 * <p>Trusts the contract room for what may be done, the party room for keys, and no edge further than its signature: an
 * edge can withhold or invent deliveries, and invented ones show in the buyer's own receipts. Read {@link Deliveries}
 * first, then {@link Intake}.
 */
@NullMarked
package org.tallystick.platform.delivery;

import org.jspecify.annotations.NullMarked;
