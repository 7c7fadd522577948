package org.tallystick.sdk;

/**
 * No usable answer came, however often it was tried. Whether the last try was carried out is not known; repeating the
 * call is safe.
 */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
