package org.tallystick.platform.app;

/** A setting that is unknown, missing or not what it must be; the message names it and says what to write. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }
}
