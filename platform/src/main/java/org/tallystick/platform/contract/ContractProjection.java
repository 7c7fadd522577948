package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.ContractReplacement;
import org.tallystick.protocol.terms.UseTerm;

/**
 * Makes the room's tables from the log: entries {@code contract}, whose body is the signed document, {@code
 * contract-revoked}, {@code contract-notice}, {@code mandate-revoked} and {@code negotiation-…}.
 */
final class ContractProjection implements Projection {
    static final String CONTRACT = "contract";
    static final String REVOKED = "contract-revoked";
    static final String MANDATE_REVOKED = "mandate-revoked";

    static Json.Obj revokedBody(ContractId id, PartyId by, Words reason) {
        return Json.object()
                .put("contract", id.value())
                .put("by", by.value())
                .put("reason", reason.json())
                .build();
    }

    @Override
    public String name() {
        return "contract";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return;
        }
        switch (document.type()) {
            case CONTRACT -> {
                ContractDocument contract = ContractDocument.recorded(document.body());
                ContractStore.insert(tx, position, document.time(), contract, parties(contract));
                contract.terms()
                        .find(UseTerm.Exclusivity.class)
                        .ifPresent(exclusivity -> ContractStore.insertExclusive(
                                tx,
                                contract,
                                exclusivity.begins(document.time()),
                                exclusivity.ends(
                                        document.time(),
                                        contract.countedFrom(
                                                document.time(), ContractStore.replacedEnd(tx, contract)))));
                NegotiationStore.finalized(tx, contract.id());
                contract.replaces().ifPresent(old -> replaced(tx, position, document.time(), contract, old));
            }
            case REVOKED -> {
                Fields body = Fields.of(document.body(), REVOKED);
                ContractStore.insertRevocation(
                        tx,
                        position,
                        document.time(),
                        new ContractId(body.text("contract")),
                        new PartyId(body.text("by")),
                        Words.clear(body, "reason"));
            }
            case MANDATE_REVOKED -> {
                Fields body = Fields.of(document.body(), MANDATE_REVOKED);
                ContractStore.revokeMandate(
                        tx, position, document.time(), new PartyId(body.text("creator")), body.text("mandate"));
            }
            case NegotiationProjection.OFFER,
                    NegotiationProjection.SIGNATURE,
                    NegotiationProjection.TERMINATED,
                    NegotiationProjection.APPROVERS,
                    NegotiationProjection.APPROVAL -> NegotiationProjection.apply(tx, position, document);
            case NoticeRules.TYPE ->
                notice(tx, NoticeRules.read(position, document.time(), Fields.of(document.body(), NoticeRules.TYPE)));
            default -> {
                return; // another room's
            }
        }
    }

    private static void replaced(
            Handle tx, long position, Instant at, ContractDocument fresh, ContractReplacement old) {
        ContractStore.insertRevocation(
                tx,
                position,
                at,
                new ContractId(old.contract()),
                new PartyId(fresh.curator().orElseThrow()),
                old.as().word() + ": contract " + fresh.id() + " takes its place");
    }

    private static void notice(Handle tx, Notice notice) {
        ContractStore.insertNotice(tx, notice);
        switch (notice.kind()) {
            case TERMINATION -> ContractStore.end(tx, notice.contract(), notice.effective());
            case REVERSION -> ContractStore.revert(tx, notice.contract(), notice.effective());
            case BREACH -> {
                return; // changes no end: the other side has time to mend it
            }
        }
    }

    /** Everyone the contract names. */
    private static Set<String> parties(ContractDocument contract) {
        Set<String> parties = new LinkedHashSet<>();
        contract.buyer().ifPresent(parties::add);
        contract.curator().ifPresent(parties::add);
        contract.signatures().forEach(signature -> parties.addAll(List.of(signature.party(), signature.signer())));
        contract.payout().splits().stream()
                .map(ContractPayout.Split::recipient)
                .filter(recipient -> !recipient.equals(ContractPayout.CREATORS))
                .forEach(parties::add);
        return parties;
    }

    @Override
    public void reset(Handle tx) {
        NegotiationStore.empty(tx);
        ContractStore.empty(tx);
    }
}
