package org.tallystick.platform.settlement;

import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Statement;

/**
 * A statement with its id and hash, which cost more than all else of it and are asked for again and again while a close
 * is made.
 */
record Sealed(Statement statement, String id, Hash hash) {
    static Sealed of(Statement statement) {
        return new Sealed(statement, statement.id(), statement.hash());
    }
}
