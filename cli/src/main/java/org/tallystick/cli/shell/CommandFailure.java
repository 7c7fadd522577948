package org.tallystick.cli.shell;

import java.util.Objects;
import java.util.Optional;

/**
 * Ends a command with one sentence and, where there is one, the next step. Thrown anywhere below a subcommand, shown once
 * by the command; a stack trace appears only with {@code --debug}.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String nextStep;

    private CommandFailure(ExitCode code, String sentence, String nextStep, Optional<Throwable> cause) {
        super(Objects.requireNonNull(sentence), cause.orElse(null));
        this.code = code;
        this.nextStep = nextStep;
    }

    public static CommandFailure usage(String sentence, String nextStep) {
        return new CommandFailure(ExitCode.USAGE, sentence, nextStep, Optional.empty());
    }

    public static CommandFailure wrong(String sentence, String nextStep) {
        return new CommandFailure(ExitCode.WRONG, sentence, nextStep, Optional.empty());
    }

    public static CommandFailure unavailable(String sentence, String nextStep) {
        return new CommandFailure(ExitCode.UNAVAILABLE, sentence, nextStep, Optional.empty());
    }

    public static CommandFailure unavailable(String sentence, String nextStep, Throwable cause) {
        return new CommandFailure(ExitCode.UNAVAILABLE, sentence, nextStep, Optional.of(cause));
    }

    public ExitCode code() {
        return code;
    }

    public String sentence() {
        return Objects.requireNonNull(getMessage());
    }

    /** Empty where there is no better advice than the sentence. */
    public String nextStep() {
        return nextStep;
    }
}
