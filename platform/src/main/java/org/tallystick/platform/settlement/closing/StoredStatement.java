package org.tallystick.platform.settlement.closing;

import java.util.Objects;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.statement.Statement;

/**
 * A statement as it was issued.
 *
 * @param hash SHA-256 of its canonical JSON
 * @param total posted by it
 */
public record StoredStatement(String id, int close, PartyId party, Money total, Hash hash, Statement statement) {
    public StoredStatement {
        Objects.requireNonNull(id);
        Objects.requireNonNull(party);
        Objects.requireNonNull(total);
        Objects.requireNonNull(hash);
        Objects.requireNonNull(statement);
    }
}
