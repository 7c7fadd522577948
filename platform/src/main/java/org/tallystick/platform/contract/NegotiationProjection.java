package org.tallystick.platform.contract;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.terms.ContractApproval;
import org.tallystick.protocol.terms.ContractDocument;

/** Makes the tables of negotiations from the entries {@code negotiation-…}. */
final class NegotiationProjection {
    static final String OFFER = "negotiation-offer";
    static final String SIGNATURE = "negotiation-signature";
    static final String TERMINATED = "negotiation-terminated";
    static final String APPROVERS = "negotiation-approvers";
    static final String APPROVAL = "negotiation-approval";

    private NegotiationProjection() {}

    static void apply(Handle tx, long position, LogEntry.DocumentEntry entry) {
        Fields body = Fields.of(entry.body(), entry.type());
        String id = body.text("negotiation");
        switch (entry.type()) {
            case APPROVERS ->
                ApprovalStore.insert(
                        tx,
                        id,
                        position,
                        new Approvals((int) body.integer("needed", 1, Approvals.MOST), approvers(body)));
            case APPROVAL ->
                ApprovalStore.insert(
                        tx,
                        id,
                        position,
                        Hash.ofHex(body.text("hash")),
                        ContractApproval.parse(body.fields("approval").object()));
            default -> step(tx, position, entry, id, body);
        }
    }

    private static Map<String, DidKey> approvers(Fields body) {
        Map<String, DidKey> approvers = new TreeMap<>();
        body.objects("approvers")
                .forEach(approver -> approvers.put(approver.text("approver"), DidKey.parse(approver.text("key"))));
        return approvers;
    }

    /** The entries that change the state of a negotiation: offers, signatures, breaking off. */
    private static void step(Handle tx, long position, LogEntry.DocumentEntry entry, String id, Fields body) {
        Negotiation.State state = Negotiation.State.valueOf(body.text("state"));
        switch (entry.type()) {
            case OFFER -> {
                int version = (int) body.integer("version", 1, Integer.MAX_VALUE);
                ContractDocument document =
                        ContractDocument.recorded(body.fields("document").object());
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
                                Words.clear(body, "message"),
                                document,
                                List.of(),
                                List.of()));
                NegotiationStore.state(tx, id, state);
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
                NegotiationStore.state(tx, id, state);
            }
            case TERMINATED -> NegotiationStore.end(tx, id, position, state, Words.clear(body, "reason"));
            default -> throw new IllegalArgumentException("no entry of negotiations: " + entry.type());
        }
    }
}
