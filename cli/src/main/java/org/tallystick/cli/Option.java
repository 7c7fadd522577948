package org.tallystick.cli;

/**
 * One option a subcommand takes.
 *
 * @param name with its dashes, for example {@code --data}
 * @param value what stands for its value in the help, or empty for a switch
 * @param help one line
 */
record Option(String name, String value, String help) {
    Option {
        if (!name.matches("--[a-z][a-z-]*")) {
            throw new IllegalArgumentException("not an option's name: " + name);
        }
    }

    static Option flag(String name, String help) {
        return new Option(name, "", help);
    }

    static Option valued(String name, String value, String help) {
        return new Option(name, value, help);
    }

    boolean takesValue() {
        return !value.isEmpty();
    }

    /** How the help shows it. */
    String shown() {
        return takesValue() ? name + " " + value : name;
    }
}
