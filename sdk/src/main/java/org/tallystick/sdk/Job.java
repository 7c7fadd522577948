package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Grade;

/**
 * A training job: the window within which a work counts once.
 *
 * @param root the dataset version it may fetch
 * @param status {@code open} or {@code closed}
 * @param grade how its uses are proven; a platform from before job orders says nothing, which is {@code receipt}
 */
public record Job(String id, String contract, String buyer, Hash root, String model, String status, Grade grade) {
    static Job of(Fields fields) {
        return new Job(
                fields.text("job_id"),
                fields.text("contract_id"),
                fields.text("buyer_id"),
                Hash.ofHex(fields.text("root")),
                fields.text("model"),
                fields.text("status"),
                fields.optionalText("grade").map(Grade::ofWord).orElse(Grade.RECEIPT));
    }
}
