package org.tallystick.platform.contract;

import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.ContractDocument;
import org.tallystick.protocol.Fields;
import org.tallystick.protocol.LogEntry;

/** Makes the tables of negotiations from entries {@code negotiation-offer}, {@code -signature} and {@code -terminated}. */
final class NegotiationProjection {
    static final String OFFER = "negotiation-offer";
    static final String SIGNATURE = "negotiation-signature";
    static final String TERMINATED = "negotiation-terminated";

    private NegotiationProjection() {}

    static void apply(Handle tx, long position, LogEntry.DocumentEntry entry) {
        Fields body = Fields.of(entry.body(), entry.type());
        String id = body.text("negotiation");
        Negotiation.State state = Negotiation.State.valueOf(body.text("state"));
        switch (entry.type()) {
            case OFFER -> {
                int version = (int) body.integer("version", 1, Integer.MAX_VALUE);
                ContractDocument document =
                        ContractDocument.parse(body.fields("document").object());
                if (version == 1) {
                    NegotiationStore.open(tx, id, document);
                }
                NegotiationStore.insertOffer(
                        tx,
                        id,
                        new Negotiation.Offer(
                                version,
                                position,
                                new PartyId(body.text("by")),
                                entry.time(),
                                body.optionalInstant("expires"),
                                body.text("message"),
                                document,
                                java.util.List.of()));
                NegotiationStore.state(tx, id, state, "");
            }
            case SIGNATURE -> {
                Fields signature = body.fields("signature");
                NegotiationStore.insertSignature(
                        tx,
                        id,
                        (int) body.integer("version", 1, Integer.MAX_VALUE),
                        position,
                        signature.text("party"),
                        signature.object());
                NegotiationStore.state(tx, id, state, "");
            }
            case TERMINATED -> NegotiationStore.state(tx, id, state, body.text("reason"));
            default -> throw new IllegalArgumentException("no entry of negotiations: " + entry.type());
        }
    }
}
