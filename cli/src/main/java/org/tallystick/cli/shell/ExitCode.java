package org.tallystick.cli.shell;

/** What the process tells its caller; the numbers are part of the command's interface and never change. */
public enum ExitCode {
    /** The command has done its work; all checks passed. */
    OK(0, "done, and what was checked holds"),
    /** A check failed. */
    WRONG(1, "something was checked and does not hold"),
    /** The command line or a file named on it cannot be understood. */
    USAGE(2, "the command line, or a file it names, cannot be understood"),
    /** Something outside prevents the work: a port in use, a server that does not answer, a missing permission. */
    UNAVAILABLE(3, "the surroundings refuse: a port in use, a server away, no permission"),
    /** What was checked holds as far as it goes, which is less far than what is issued now. */
    WEAKER(4, "what was checked holds, but is an older, weaker proof"),
    /** An error in Tallystick itself. */
    FAULT(70, "a fault in Tallystick itself; run again with --debug for the trace");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }
}
