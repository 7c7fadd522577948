/**
 * The delivery node: serves works and leaves a signed receipt for each.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>No answer that is a delivery leaves before its leaf is signed and synced to this machine's disk.
 *   <li>A sequence number is used once. A crash may skip numbers, which anyone can see; it never hides or repeats one.
 *   <li>A batch stays here until the platform has acknowledged it; a damaged one is reported and never shipped.
 *   <li>No byte of a work is served that this process has not hashed, no header line is written from unchecked text.
 *   <li>Every queue, cache and spool is bounded; past its bound the edge refuses, it does not fall behind.
 * </ul>
 *
 * <p>It trusts the platform's key, taken at the first contact, for grants and certificates; it trusts the platform's
 * answers otherwise only as far as hashes prove them. It trusts its own disk to lose writes, not to invent batches: the
 * key lies there too. It cannot know whether bytes given to the socket were read by the client, so what counts as
 * handed over is what the socket took.
 *
 * <p>This package holds what an operator and the command line use, and the object graph; the work is done in the
 * packages below it, which know nothing of it. Read {@link org.tallystick.edge.EdgeServer} first (the object graph),
 * then {@code serving.Works} (what happens to a request), {@code sealing.Sealer} (how a leaf becomes durable) and
 * {@code spool.Outbox} (how it is handed to the platform).
 */
@NullMarked
package org.tallystick.edge;

import org.jspecify.annotations.NullMarked;
