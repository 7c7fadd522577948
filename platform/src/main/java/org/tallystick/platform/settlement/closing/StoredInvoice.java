package org.tallystick.platform.settlement.closing;

import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.statement.Invoice;

/**
 * An invoice as it was issued.
 *
 * @param period id of its period
 * @param total charged by it
 * @param hash SHA-256 of its canonical JSON
 */
public record StoredInvoice(
        String id,
        int close,
        String period,
        ContractId contract,
        PartyId buyer,
        Money total,
        Hash hash,
        Json.Obj document) {
    public StoredInvoice {
        Objects.requireNonNull(id);
        Objects.requireNonNull(period);
        Objects.requireNonNull(contract);
        Objects.requireNonNull(buyer);
        Objects.requireNonNull(total);
        Objects.requireNonNull(hash);
        Objects.requireNonNull(document);
    }

    /** What the document says. */
    public Invoice invoice() {
        return Invoice.of(document);
    }
}
