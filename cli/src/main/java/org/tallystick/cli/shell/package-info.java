/**
 * What every subcommand shares in talking to its caller: lines, progress, tables, failures, exit codes.
 *
 * <p>Purpose: one place that knows whether a person at a terminal or a program is listening. Invariants: the only package
 * that touches the standard streams; a failure is one sentence with a next step. Trusts: nobody; whatever is shown is
 * cleaned of control characters first. Read first: {@link org.tallystick.cli.shell.Terminal}.
 */
@NullMarked
package org.tallystick.cli.shell;

import org.jspecify.annotations.NullMarked;
