package org.tallystick.platform.contract;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Projection;
import org.tallystick.protocol.ContractDocument;
import org.tallystick.protocol.ContractPayout;
import org.tallystick.protocol.ContractSignature;
import org.tallystick.protocol.Fields;
import org.tallystick.protocol.Json;
import org.tallystick.protocol.LogEntry;

/** Makes the tables from entries {@code contract}, whose body is the signed document, and {@code contract-revoked}. */
final class ContractProjection implements Projection {
    static final String CONTRACT = "contract";
    static final String REVOKED = "contract-revoked";

    static Json.Obj revokedBody(ContractId id, PartyId by, String reason) {
        return Json.object()
                .put("contract", id.value())
                .put("by", by.value())
                .put("reason", reason)
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
                ContractDocument contract = ContractDocument.parse(document.body());
                ContractStore.insert(tx, position, document.time(), contract, parties(contract));
            }
            case REVOKED -> {
                Fields body = Fields.of(document.body(), REVOKED);
                ContractStore.insertRevocation(
                        tx,
                        position,
                        document.time(),
                        new ContractId(body.text("contract")),
                        new PartyId(body.text("by")),
                        body.text("reason"));
            }
            default -> {
                return; // another room's
            }
        }
    }

    /** Everyone the contract names. */
    private static Set<String> parties(ContractDocument contract) {
        Set<String> parties = new LinkedHashSet<>();
        contract.buyer().ifPresent(parties::add);
        contract.curator().ifPresent(parties::add);
        contract.signatures().stream().map(ContractSignature::party).forEach(parties::add);
        contract.payout().splits().stream()
                .map(ContractPayout.Split::recipient)
                .filter(recipient -> !recipient.equals(ContractPayout.CREATORS))
                .forEach(parties::add);
        return parties;
    }

    @Override
    public void reset(Handle tx) {
        ContractStore.empty(tx);
    }
}
