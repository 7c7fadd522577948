/**
 * The batches of receipts on disk, from the moment they are sealed until the platform acknowledges them.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A batch whose append returned is durable; one whose append failed is cut off before anything else is written.
 *   <li>Batches are handed over in order, each checked against its root first; a damaged one is reported, never
 *       shipped.
 *   <li>Nothing is deleted that the platform has not acknowledged.
 *   <li>The works delivered under tokens with a quota can be read again from the spool alone; a set never loses one.
 * </ul>
 *
 * <p>Trusts the disk to lose writes, not to invent batches. Knows nothing of keys, requests or HTTP. Read {@link
 * org.tallystick.edge.spool.Spool} first, then {@code SegmentFormat} (the bytes) and {@code EpochScan} (what a start
 * finds).
 */
@NullMarked
package org.tallystick.edge.spool;

import org.jspecify.annotations.NullMarked;
