package org.tallystick.cli;

import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;

/**
 * A subcommand as the help shows it and as {@link Arguments} reads it.
 *
 * @param name the word after {@code tallystick}
 * @param operands how its operands are shown, in order, empty where it takes none
 * @param minOperands how many must be there
 * @param maxOperands how many may be there
 * @param summary one line
 * @param details what else the help of this command says, line by line
 * @param options its own options; {@code --help}, {@code --json} where allowed and {@code --debug} come from {@link Main}
 * @param body what it does
 */
record Command(
        String name,
        String operands,
        int minOperands,
        int maxOperands,
        String summary,
        List<String> details,
        List<Option> options,
        Body body) {
    Command {
        details = List.copyOf(details);
        options = List.copyOf(options);
    }

    /** What a subcommand does; throws {@link CommandFailure} to end in a sentence. */
    @FunctionalInterface
    interface Body {
        ExitCode run(Arguments arguments, Terminal terminal) throws Exception;
    }
}
