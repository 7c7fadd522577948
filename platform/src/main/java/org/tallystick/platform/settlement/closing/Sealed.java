package org.tallystick.platform.settlement.closing;

import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.statement.Statement;

/**
 * A statement with its id and hash, which cost more than all else of it and are asked for again and again while a close
 * is made.
 */
public record Sealed(Statement statement, String id, Hash hash) {
    static Sealed of(Statement statement) {
        return new Sealed(statement, statement.id(), statement.hash());
    }
}
