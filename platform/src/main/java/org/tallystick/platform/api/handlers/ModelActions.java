package org.tallystick.platform.api.handlers;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.drafting.ModelTerms;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.Use;
import org.tallystick.protocol.terms.UseTerm;

/**
 * What a model may do and owes. It inherits from every contract under which works were used for it, and keeps what it
 * inherited when the contract is over.
 */
public final class ModelActions {
    private final Metering metering;
    private final Contracts contracts;
    private final Database database;

    public ModelActions(Metering metering, Contracts contracts, Database database) {
        this.metering = metering;
        this.contracts = contracts;
        this.database = database;
    }

    public void bind(Routes routes) {
        routes.bind("modelTerms", this::terms);
    }

    /** A contract and the uses of its works for the model. */
    private record Used(Contract contract, long uses) {}

    private Answer terms(Call call) {
        String model = call.path("model");
        Optional<PartyId> named = call.query("buyer", PartyId::new);
        PartyId buyer = call.principal().role() == Role.BUYER
                ? named.orElseGet(call::party)
                : named.orElseGet(() -> call.needed("buyer", PartyId::new));
        boolean theirs = call.principal().role() != Role.BUYER || buyer.equals(call.party());
        List<Used> used = theirs ? database.read(tx -> used(tx, buyer, model)) : List.of();
        if (used.isEmpty()) {
            throw Refusals.unknown("model", model).asException();
        }
        return Answer.ok(shape(model, buyer, used));
    }

    private List<Used> used(Handle tx, PartyId buyer, String model) {
        return metering.ofModel(tx, buyer, model).stream()
                .map(use -> new Used(contracts.find(tx, use.contract()).orElseThrow(), use.uses()))
                .toList();
    }

    private static Json.Obj shape(String model, PartyId buyer, List<Used> used) {
        ModelTerms terms = ModelTerms.of(
                used.stream().map(each -> each.contract().document().terms()).toList());
        Json.Builder json = Json.object()
                .put("model", model)
                .put("buyer_id", buyer.value())
                .put(
                        "contracts",
                        Json.array(used.stream().map(ModelActions::contract).toList()))
                .put(
                        "uses",
                        Json.strings(
                                terms.uses().stream().map(Use::word).sorted().toList()));
        terms.purposes()
                .ifPresent(purposes -> json.put(
                        "purposes",
                        Json.strings(purposes.stream()
                                .map(UseTerm.Purpose::word)
                                .sorted()
                                .toList())));
        return json.put("forbidden", Json.strings(List.copyOf(terms.forbidden())))
                .put(
                        "duties",
                        Json.array(used.stream()
                                .flatMap(each -> ContractActions.duties(each.contract()).stream()
                                        .map(ContractActions::duty))
                                .toList()))
                .build();
    }

    private static Json.Obj contract(Used used) {
        Instant ends = ContractActions.ends(used.contract());
        return Json.object()
                .put("contract_id", used.contract().id().value())
                .put("works_used", used.uses())
                .put("ends", ends)
                .build();
    }
}
