package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * An offer as a side sends it, before the log gives it a version and a time.
 *
 * @param document without signatures: they come one by one, each over these bytes
 * @param message to the other side; empty for none
 */
record OfferDraft(ContractDocument document, Words message, Optional<Instant> expires) {
    OfferDraft {
        Objects.requireNonNull(document);
        Objects.requireNonNull(message);
        Objects.requireNonNull(expires);
    }

    String negotiation() {
        return Negotiation.idOf(document.id());
    }
}
