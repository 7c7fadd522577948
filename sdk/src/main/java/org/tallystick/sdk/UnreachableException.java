package org.tallystick.sdk;

/**
 * No usable answer came in any of the tries. Whether the server carried out the last request is unknown; repeating the
 * call is safe.
 */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
