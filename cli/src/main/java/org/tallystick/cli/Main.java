package org.tallystick.cli;

import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Logging;
import org.tallystick.cli.shell.Table;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.protocol.codec.Reasons;

/**
 * The {@code tallystick} command: finds the subcommand, parses its options, runs it, and turns its outcome into an exit
 * code.
 */
public final class Main {
    private static final Option HELP = Option.flag("--help", "say what this command does and takes");
    private static final Option DEBUG = Option.flag("--debug", "show the trace of a failure");
    private static final List<Option> COMMON = List.of(DEBUG, HELP);

    private final List<Command> commands;
    private final Terminal terminal;

    Main(List<Command> commands, Terminal terminal) {
        this.commands = List.copyOf(commands);
        this.terminal = terminal;
    }

    public static void main(String[] args) {
        Logging.quiet();
        ExitCode code = new Main(Commands.all(), Terminal.ofProcess()).run(List.of(args));
        StopSignal.finished();
        System.exit(code.number());
    }

    /** Runs one command line. */
    ExitCode run(List<String> words) {
        boolean debug = words.contains("--debug");
        try {
            return dispatch(words);
        } catch (CommandFailure failure) {
            say(failure, debug);
            return failure.code();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            terminal.note("tallystick: interrupted");
            return ExitCode.UNAVAILABLE;
        } catch (InvalidPathException e) {
            say(CommandFailure.usage(Arguments.noPath(e), "tallystick --help"), debug);
            return ExitCode.USAGE;
        } catch (Exception e) {
            terminal.note("tallystick: " + Reasons.of(e) + " (a fault in Tallystick itself)");
            terminal.note(debug ? "" : "Next: run it again with --debug to see where.");
            if (debug) {
                terminal.trace(e);
            }
            return ExitCode.FAULT;
        }
    }

    private ExitCode dispatch(List<String> words) throws Exception {
        if (words.isEmpty() || words.getFirst().equals("--help") || words.equals(List.of("help"))) {
            overview().forEach(terminal::line);
            return words.isEmpty() ? ExitCode.USAGE : ExitCode.OK;
        }
        if (words.getFirst().equals("--version")) {
            terminal.line("tallystick " + version());
            return ExitCode.OK;
        }
        boolean helpFirst = words.getFirst().equals("help");
        Command command = find(words.get(helpFirst ? 1 : 0));
        if (helpFirst) {
            help(command).forEach(terminal::line);
            return ExitCode.OK;
        }
        Arguments arguments = Arguments.parse(command, COMMON, words.subList(1, words.size()));
        if (arguments.has("--help")) {
            help(command).forEach(terminal::line);
            return ExitCode.OK;
        }
        return command.body().run(arguments, terminal);
    }

    private Command find(String name) {
        return commands.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private void say(CommandFailure failure, boolean debug) {
        terminal.note("tallystick: " + failure.sentence());
        if (!failure.nextStep().isEmpty()) {
            terminal.note("Next: " + failure.nextStep());
        }
        if (debug) {
            terminal.trace(failure);
        }
    }

    private CommandFailure unknown(String name) {
        Optional<String> nearest =
                Nearest.of(name, commands.stream().map(Command::name).toList());
        return CommandFailure.usage(
                "\"" + name + "\" is not a command"
                        + nearest.map(n -> "; did you mean " + n + "?").orElse(""),
                "tallystick --help");
    }

    private List<String> overview() {
        List<String> lines = new ArrayList<>(List.of(
                "Tallystick pays creators when AI is trained on their work.", "", "Usage: tallystick COMMAND …", ""));
        Table table = new Table("Commands:", "");
        commands.forEach(command -> table.row("  " + command.name(), command.summary()));
        lines.addAll(table.lines());
        lines.addAll(List.of(
                "",
                "Each command explains itself: tallystick COMMAND --help",
                "Start here: tallystick demo",
                "",
                "Exit codes:"));
        Arrays.stream(ExitCode.values()).forEach(code -> lines.add("  " + code.number() + "  " + code.meaning()));
        return lines;
    }

    private static List<String> help(Command command) {
        List<String> lines = new ArrayList<>();
        String operands = command.operands().isEmpty() ? "" : " " + command.operands();
        lines.add("Usage: tallystick " + command.name() + operands + " [options]");
        lines.add("");
        lines.add(command.summary());
        if (!command.details().isEmpty()) {
            lines.add("");
            lines.addAll(command.details());
        }
        Table table = new Table("Options:", "");
        command.options().forEach(option -> table.row("  " + option.shown(), option.help()));
        COMMON.forEach(option -> table.row("  " + option.shown(), option.help()));
        lines.add("");
        lines.addAll(table.lines());
        return lines;
    }

    static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("(development)");
    }
}
