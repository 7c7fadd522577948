package org.tallystick.platform.log;

/**
 * What is on disk is not what was written there, or not a continuation of what was signed before. Nobody signs or
 * appends anything after this until a person has looked; {@code LogFsck} says where.
 */
public final class LogDamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogDamagedException(String message) {
        super(message);
    }

    LogDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
