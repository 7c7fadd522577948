/**
 * The one append-only log and what hangs directly from it: tiles, checkpoints, blobs, and the sequencer through which
 * every change of the platform's state passes.
 *
 * <p>Invariants: what {@code TransparencyLog.append} has returned is on disk and under a
 * signed checkpoint; no checkpoint is signed over bytes that were not read back and hashed; checkpoints only ever extend
 * one another; the database never holds the effect of an entry the log does not have.
 *
 * <p>Trusts the disk to keep what it has synced, and nothing more: {@code LogFsck} finds what
 * it did not. Trusts the database for nothing that the log cannot give back. Read {@code Sequencer} first, then
 * {@code TransparencyLog}.
 */
@NullMarked
package org.tallystick.platform.log;

import org.jspecify.annotations.NullMarked;
