package org.tallystick.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;

/**
 * The words after a subcommand, read by its declared options: {@code --name value}, {@code --name=value}, switches, and
 * operands; after {@code --} everything is an operand. Unknown and repeated options are refused with the nearest known
 * name. Immutable.
 */
final class Arguments {
    private final Command command;
    private final Map<String, String> values;
    private final List<String> operands;

    private Arguments(Command command, Map<String, String> values, List<String> operands) {
        this.command = command;
        this.values = Map.copyOf(values);
        this.operands = List.copyOf(operands);
    }

    /**
     * @throws CommandFailure (usage) that says which word is wrong
     */
    static Arguments parse(Command command, List<Option> common, List<String> words) {
        Map<String, Option> known = new HashMap<>();
        command.options().forEach(option -> known.put(option.name(), option));
        common.forEach(option -> known.putIfAbsent(option.name(), option));
        Map<String, String> values = new HashMap<>();
        List<String> operands = new ArrayList<>();
        boolean onlyOperands = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (onlyOperands || !word.startsWith("--")) {
                operands.add(word);
                continue;
            }
            if (word.equals("--")) {
                onlyOperands = true;
                continue;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            Option option = Optional.ofNullable(known.get(name)).orElseThrow(() -> unknown(command, known, name));
            String value = equals < 0 ? "" : word.substring(equals + 1);
            if (option.takesValue() && equals < 0) {
                if (i + 1 == words.size()) {
                    throw usage(command, name + " needs a value: " + option.shown());
                }
                value = words.get(++i);
            } else if (!option.takesValue() && equals >= 0) {
                throw usage(command, name + " takes no value");
            }
            if (values.put(name, value) != null) {
                throw usage(command, name + " is given twice");
            }
        }
        Arguments arguments = new Arguments(command, values, operands);
        arguments.checkOperands();
        return arguments;
    }

    private void checkOperands() {
        if (has("--help")) {
            return;
        }
        if (operands.size() < command.minOperands()) {
            throw usage(command, command.name() + " needs " + command.operands());
        }
        if (operands.size() > command.maxOperands()) {
            throw usage(command, "\"" + operands.get(command.maxOperands()) + "\" is one word too many");
        }
    }

    boolean has(String option) {
        return values.containsKey(option);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option));
    }

    String required(String option) {
        return value(option).orElseThrow(() -> usage(command, command.name() + " needs " + option));
    }

    /** The address of a server an option gives. */
    URI address(String option) {
        String text = required(option);
        try {
            URI address = new URI(text);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw usage(command, option + " needs an address like https://example.org, not \"" + text + "\"");
        }
        throw usage(command, option + " needs an address like https://example.org, not \"" + text + "\"");
    }

    Optional<Path> path(String option) {
        return value(option).map(text -> asPath(command, text));
    }

    /** The whole number an option gives, within bounds (inclusive). */
    int number(String option, int standard, int min, int max) {
        Optional<String> text = value(option);
        if (text.isEmpty()) {
            return standard;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw usage(command, option + " needs a whole number, not \"" + text.get() + "\"");
        }
        throw usage(command, option + " must be between " + min + " and " + max + ", not " + text.get());
    }

    List<String> operands() {
        return operands;
    }

    Path operandPath(int index) {
        return asPath(command, operands.get(index));
    }

    private static Path asPath(Command command, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw usage(command, noPath(e));
        }
    }

    /** What is wrong with the name of a file, in words. */
    static String noPath(InvalidPathException failure) {
        String text = failure.getInput();
        return "\"" + text + "\" is not a path: " + reason(text, failure.getReason());
    }

    /** Java reads and writes names by the locale; one that knows ASCII only loses the rest before we see it. */
    private static String reason(String text, String reason) {
        boolean ascii = text.chars().allMatch(c -> c < 0x80);
        return ascii
                ? reason
                : "this locale cannot write such a name (" + System.getProperty("sun.jnu.encoding")
                        + "); set LC_ALL=C.UTF-8 and try again";
    }

    private static CommandFailure unknown(Command command, Map<String, Option> known, String name) {
        Optional<String> nearest = Nearest.of(name, known.keySet());
        return usage(
                command,
                name + " is not an option of " + command.name()
                        + nearest.map(n -> "; did you mean " + n + "?").orElse(""));
    }

    private static CommandFailure usage(Command command, String sentence) {
        return CommandFailure.usage(sentence, "tallystick " + command.name() + " --help");
    }
}
