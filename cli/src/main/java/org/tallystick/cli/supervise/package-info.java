/**
 * Keeps the processes of a system running as one.
 *
 * <p>Purpose: start children, wait until each says it is ready, start again whatever dies, stop all in reverse. Invariants:
 * no child outlives its supervisor, whatever kills it (each child holds the other end of a pipe and leaves when it
 * closes); a child that cannot start is reported with the end of its log, not retried for ever. Trusts: the children's
 * own health answer. Read first: {@link org.tallystick.cli.supervise.Supervisor}.
 */
@NullMarked
package org.tallystick.cli.supervise;

import org.jspecify.annotations.NullMarked;
