package org.tallystick.sdk;

import java.time.Instant;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * A contract the platform holds.
 *
 * @param status whether it can be used: {@code live}, or no longer, since it is past its term or revoked
 * @param root the dataset version it grants
 * @param document what was signed
 */
public record Contract(
        String id,
        String status,
        String buyer,
        String curator,
        String dataset,
        Hash root,
        Instant accepted,
        Instant expires,
        ContractDocument document) {
    static Contract of(Fields fields) {
        return new Contract(
                fields.text("contract_id"),
                fields.text("status"),
                fields.text("buyer_id"),
                fields.text("curator_id"),
                fields.text("dataset_id"),
                Hash.ofHex(fields.text("root")),
                fields.instant("accepted"),
                fields.instant("expires"),
                ContractDocument.recorded(fields.fields("document").object()));
    }
}
