package org.tallystick.cli.demo;

import java.util.Objects;

/** A check of the demo failed. The message says which number is wrong. */
public final class WrongSumException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongSumException(String sentence) {
        super(Objects.requireNonNull(sentence));
    }

    /** The failed check as a sentence for a person. */
    public String sentence() {
        return Objects.requireNonNull(getMessage());
    }
}
