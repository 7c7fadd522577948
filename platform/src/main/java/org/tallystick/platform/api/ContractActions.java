package org.tallystick.platform.api;

import java.time.InstantSource;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.ContractDocument;
import org.tallystick.protocol.ContractSignature;
import org.tallystick.protocol.Fields;
import org.tallystick.protocol.Json;

/** Contracts. */
final class ContractActions {
    private final Contracts contracts;
    private final Database database;
    private final InstantSource clock;
    private final Ownership ownership;

    ContractActions(Rooms rooms, Ownership ownership) {
        this.contracts = rooms.contracts();
        this.database = rooms.database();
        this.clock = rooms.clock();
        this.ownership = ownership;
    }

    void bind(Routes routes) {
        routes.bind("negotiate", this::negotiate).bind("contract", this::find).bind("revokeContract", this::revoke);
    }

    private Answer negotiate(Call call) {
        Json.Obj document = call.jsonObject("contract");
        if (call.principal().role() != Role.OPERATOR && !isNamed(ContractDocument.parse(document), call)) {
            throw Problem.forbidden(
                            "contract/not-a-party",
                            "Not a party",
                            call.party() + " is neither buyer, curator nor signer of this contract")
                    .asException();
        }
        return Shapes.created(contracts.accept(document), found -> "/contracts/" + found.id(), this::shape);
    }

    private static boolean isNamed(ContractDocument document, Call call) {
        String caller = call.party().value();
        return document.buyer().filter(caller::equals).isPresent()
                || document.curator().filter(caller::equals).isPresent()
                || document.signatures().stream().map(ContractSignature::party).anyMatch(caller::equals);
    }

    private Answer find(Call call) {
        ContractId id = call.contractInPath();
        Contract found = database.read(tx -> ownership.contract(tx, call.principal(), id))
                .orElseThrow(() -> Refusals.unknown("contract", id).asException());
        return Answer.ok(shape(found));
    }

    private Answer revoke(Call call) {
        ContractId id = call.contractInPath();
        Fields body = call.json("revocation");
        String reason = body.text("reason", Contracts.MAX_REASON);
        body.noOthers();
        if (database.read(tx -> ownership.contract(tx, call.principal(), id)).isEmpty()) {
            throw Refusals.unknown("contract", id).asException();
        }
        return Answer.ok(shape(contracts.revoke(call.principal(), id, reason).orThrow()));
    }

    private Json.Obj shape(Contract contract) {
        return Shapes.contract(contract, clock.instant());
    }
}
