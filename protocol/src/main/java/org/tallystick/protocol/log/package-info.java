/**
 * The append-only log as others read it: entries, tiles, checkpoints, inclusion, and the proof that a log was forked.
 *
 * <p>Invariants: a checkpoint commits to every entry before it. Trusts no log. Read
 * {@link org.tallystick.protocol.log.LogEntry} first, then {@code Checkpoint}.
 */
@NullMarked
package org.tallystick.protocol.log;

import org.jspecify.annotations.NullMarked;
