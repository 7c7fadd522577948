/**
 * What was used: for every contract, job and scope the set of works of the job's dataset version that receipts show to
 * have been delivered. A lagging reader of the log: it folds batches of receipts, in log order, into sets, and saves the
 * sets and its position in one transaction.
 *
 * <p>Invariants: a set depends on nothing but which receipts the log holds, not on their order, their repetition, the
 * batches they came in or the edges that left them; a void receipt takes back exactly the delivery it names, whenever it
 * arrives; no row and no object stands for a single receipt; whatever is not counted is counted as an anomaly with its
 * reason.
 *
 * <p>Trusts intake to have checked signatures, roots and density, the log and the blobs to be what their hashes say, and
 * {@code delivery} and {@code catalog} for grants and members. Read {@code Folder} first, then {@code Metering}.
 */
@NullMarked
package org.tallystick.platform.metering;

import org.jspecify.annotations.NullMarked;
