/**
 * The {@code tallystick} command: one class per subcommand behind {@link org.tallystick.cli.Main}.
 *
 * <p>Purpose: turn words on a command line into calls of the rooms' façades, the sdk and the supervisor, and their answers
 * into lines for a person or JSON for a program. Invariants: only {@link org.tallystick.cli.Terminal} writes to the
 * standard streams; every way to fail ends in one sentence, the next step and a documented exit code ({@link
 * org.tallystick.cli.ExitCode}). Trusts: the person who started it, no file and no server. Read first: {@code Main}.
 */
@NullMarked
package org.tallystick.cli;

import org.jspecify.annotations.NullMarked;
