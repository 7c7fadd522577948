package org.tallystick.platform.contract;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;

/** The tables of negotiations. */
final class NegotiationStore {
    private NegotiationStore() {}

    static Optional<Negotiation> find(Handle tx, String id) {
        List<Negotiation.Offer> offers = offers(tx, id);
        Optional<Approvals> approvals = ApprovalStore.wanted(tx, id);
        return tx.select(
                        "select contract, buyer, curator, state, log.words(ended, 'reason', reason) as reason"
                                + " from contract.negotiation where id = ?",
                        id)
                .map((row, context) -> new Negotiation(
                        id,
                        new ContractId(row.getString("contract")),
                        new PartyId(row.getString("buyer")),
                        new PartyId(row.getString("curator")),
                        Negotiation.State.valueOf(row.getString("state")),
                        offers,
                        approvals,
                        row.getString("reason")))
                .findOne();
    }

    private static List<Negotiation.Offer> offers(Handle tx, String id) {
        return tx.select(
                        "select version, position, party, made, expires,"
                                + " log.words(position, 'message', message) as message, document from contract.offer"
                                + " where negotiation = ? order by version",
                        id)
                .map((row, context) -> {
                    OffsetDateTime expires = row.getObject("expires", OffsetDateTime.class);
                    int version = row.getInt("version");
                    ContractDocument document = ContractDocument.recorded(
                            Json.parseObject(row.getString("document").getBytes(StandardCharsets.UTF_8)));
                    return new Negotiation.Offer(
                            version,
                            row.getLong("position"),
                            new PartyId(row.getString("party")),
                            row.getObject("made", OffsetDateTime.class).toInstant(),
                            Optional.ofNullable(expires).map(OffsetDateTime::toInstant),
                            row.getString("message"),
                            document,
                            signed(tx, id, version),
                            ApprovalStore.given(tx, id, document.hash()));
                })
                .list();
    }

    private static List<PartyId> signed(Handle tx, String id, int version) {
        return tx.select(
                        "select party from contract.offer_signature where negotiation = ? and version = ? order by"
                                + " position",
                        id,
                        version)
                .map((row, context) -> new PartyId(row.getString("party")))
                .list();
    }

    /** The signatures under a version, in the order they came. */
    static List<Json> signatures(Handle tx, String id, int version) {
        return tx.select(
                        "select signature from contract.offer_signature where negotiation = ? and version = ?"
                                + " order by position",
                        id,
                        version)
                .map((row, context) -> Json.parse(row.getString("signature")))
                .list();
    }

    static void open(Handle tx, String id, ContractDocument document) {
        tx.createUpdate("insert into contract.negotiation (id, contract, buyer, curator, state, version, reason)"
                        + " values (:id, :contract, :buyer, :curator, 'REQUESTED', 1, '')")
                .bind("id", id)
                .bind("contract", document.id())
                .bind("buyer", document.buyer().orElseThrow())
                .bind("curator", document.curator().orElseThrow())
                .execute();
    }

    static void insertOffer(Handle tx, String id, Negotiation.Offer offer) {
        tx.createUpdate("insert into contract.offer"
                        + " (negotiation, version, position, party, made, expires, message, document)"
                        + " values (:id, :version, :position, :party, :made, :expires, :message, :document)")
                .bind("id", id)
                .bind("version", offer.version())
                .bind("position", offer.position())
                .bind("party", offer.by().value())
                .bind("made", offer.made().atOffset(ZoneOffset.UTC))
                .bind(
                        "expires",
                        offer.expires().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
                .bind("message", offer.message())
                .bind("document", offer.document().toString())
                .execute();
        tx.execute("update contract.negotiation set version = ? where id = ?", offer.version(), id);
    }

    static void insertSignature(Handle tx, String id, int version, long position, String party, Json signature) {
        tx.createUpdate("insert into contract.offer_signature (negotiation, version, party, position, signature)"
                        + " values (:id, :version, :party, :position, :signature)")
                .bind("id", id)
                .bind("version", version)
                .bind("party", party)
                .bind("position", position)
                .bind("signature", signature.toString())
                .execute();
    }

    static void state(Handle tx, String id, Negotiation.State state) {
        tx.execute("update contract.negotiation set state = ?, reason = '' where id = ?", state.name(), id);
    }

    /** A negotiation is over, for a reason that stands in the entry at that position. */
    static void end(Handle tx, String id, long position, Negotiation.State state, String reason) {
        tx.execute(
                "update contract.negotiation set state = ?, reason = ?, ended = ? where id = ?",
                state.name(),
                reason,
                position,
                id);
    }

    /** The contract of a negotiation has come into force. */
    static void finalized(Handle tx, String contract) {
        tx.execute(
                "update contract.negotiation set state = 'FINALIZED' where contract = ? and state = 'VERIFIED'",
                contract);
    }

    static void empty(Handle tx) {
        tx.execute("truncate contract.approval, contract.approver, contract.offer_signature, contract.offer,"
                + " contract.negotiation");
    }
}
