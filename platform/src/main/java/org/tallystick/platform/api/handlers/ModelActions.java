package org.tallystick.platform.api.handlers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.tallystick.drafting.ModelTerms;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.delivery.Jobs;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
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
    private final Jobs jobs;
    private final Contracts contracts;
    private final Metering metering;
    private final Database database;

    public ModelActions(Rooms rooms) {
        this.jobs = rooms.delivery().jobs();
        this.contracts = rooms.contracts();
        this.metering = rooms.metering();
        this.database = rooms.database();
    }

    public void bind(Routes routes) {
        routes.bind("modelTerms", this::terms);
    }

    /** A contract and how often its works were used for the model: each work once in each job. */
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
        Map<ContractId, Set<JobId>> trained = jobs.ofModel(tx, buyer, model).stream()
                .collect(Collectors.groupingBy(
                        Job::contract, TreeMap::new, Collectors.mapping(Job::id, Collectors.toSet())));
        List<Used> used = new ArrayList<>();
        trained.forEach((contract, ids) -> {
            long uses = metering.counts(tx, contract).stream()
                    .filter(count -> ids.contains(count.key().job()))
                    .mapToLong(count -> count.uses())
                    .sum();
            if (uses > 0) {
                used.add(new Used(contracts.find(tx, contract).orElseThrow(), uses));
            }
        });
        return used;
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
