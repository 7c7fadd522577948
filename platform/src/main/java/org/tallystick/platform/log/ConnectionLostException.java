package org.tallystick.platform.log;

/**
 * The connection a group works on is gone. The pool closes such a connection at once, and what is tried on it afterwards
 * fails without saying why; so this says it, and the group is tried again on another.
 */
final class ConnectionLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConnectionLostException(Throwable cause) {
        super("the connection to the database is gone", cause);
    }
}
