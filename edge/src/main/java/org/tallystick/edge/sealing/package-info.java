/**
 * Turns leaves that wait into durable, signed, numbered batches: the epochs with their keys, the sequence numbers, and
 * the one thread that seals.
 *
 * <p>Invariants: a sequence number is used once, and only after a block that holds it is reserved on disk; leaves are
 * built in one place ({@code PendingLeaf}); nobody is told that a leaf is sealed before it is synced. Trusts the
 * platform's key for certificates. Knows nothing of requests: who waits for a leaf is a {@code SealListener}. Read
 * {@link org.tallystick.edge.sealing.Sealer} first, then {@code Epochs}.
 */
@NullMarked
package org.tallystick.edge.sealing;

import org.jspecify.annotations.NullMarked;
