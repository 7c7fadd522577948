package org.tallystick.protocol.codec;

import java.util.Objects;

/**
 * Thrown by every decoder of this module when its input is not what its format demands. Carries a stable {@link
 * #reason() reason} a program may match on and a sentence for a person; nothing has been changed when it is thrown.
 */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason stable slug, for example {@code json/duplicate-member}
     * @param detail one sentence that names what was found and where
     */
    public MalformedException(String reason, String detail) {
        super(Objects.requireNonNull(detail));
        this.reason = Objects.requireNonNull(reason);
    }

    /** The stable slug of what was wrong. */
    public String reason() {
        return reason;
    }

    /** The sentence for a person. */
    public String detail() {
        return Objects.requireNonNull(getMessage());
    }
}
