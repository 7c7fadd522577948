package org.tallystick.protocol.codec;

import java.util.Objects;

/**
 * Thrown by every decoder of this module when its input does not have the demanded form. Carries a stable {@link
 * #reason() reason} for programs and a sentence for people. The decoder has changed nothing when it throws.
 */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason stable words, for example {@code json/duplicate-member}
     * @param detail one sentence that names what was found and where
     */
    public MalformedException(String reason, String detail) {
        super(Objects.requireNonNull(detail));
        this.reason = Objects.requireNonNull(reason);
    }

    /** What was wrong, as stable words that a program may compare. */
    public String reason() {
        return reason;
    }

    /** The sentence for a person. */
    public String detail() {
        return Objects.requireNonNull(getMessage());
    }
}
