package org.tallystick.sdk;

import java.util.Objects;
import org.tallystick.protocol.codec.MalformedException;

/**
 * An answer contradicts its signature, hash or grant and was therefore not given to the caller. Carries a stable
 * {@link #reason() reason} such as {@code delivery/content-hash} or {@code receipt/path}.
 */
public final class UntrustedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UntrustedException(String reason, String detail) {
        super(reason + ": " + detail);
        this.reason = Objects.requireNonNull(reason);
    }

    UntrustedException(MalformedException cause) {
        super(cause.reason() + ": " + cause.detail(), cause);
        this.reason = cause.reason();
    }

    /** The stable slug of what was wrong. */
    public String reason() {
        return reason;
    }
}
