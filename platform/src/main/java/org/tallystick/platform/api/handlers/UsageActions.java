package org.tallystick.platform.api.handlers;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.HttpRefusedException;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.delivery.Jobs;
import org.tallystick.platform.delivery.UsageEvents;
import org.tallystick.platform.delivery.UsageRecord;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.CrossCheck;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.metering.Metrics;
import org.tallystick.platform.metering.MetricsQuery;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.terms.UsageEvent;

/** Usage events, metered usage, and what was delivered against what was trained on. */
public final class UsageActions {
    private final UsageEvents events;
    private final Jobs jobs;
    private final Contracts contracts;
    private final Metering metering;
    private final Database database;
    private final Ownership ownership;
    private final Catalog catalog;

    public UsageActions(
            UsageEvents events,
            Jobs jobs,
            Contracts contracts,
            Metering metering,
            Database database,
            Ownership ownership,
            Catalog catalog) {
        this.events = events;
        this.jobs = jobs;
        this.contracts = contracts;
        this.metering = metering;
        this.database = database;
        this.ownership = ownership;
        this.catalog = catalog;
    }

    public void bind(Routes routes) {
        routes.bind("usageEvent", this::report)
                .bind("usageMetrics", this::metrics)
                .bind("crossCheck", this::crossCheck);
    }

    private Answer report(Call call) {
        Json.Obj document = call.jsonObject("usage-event");
        ContractId contract = new ContractId(UsageEvent.parse(document).contract());
        if (contracts
                .find(contract)
                .filter(found -> found.buyer().equals(call.party()))
                .isEmpty()) {
            throw Refusals.unknown("contract", contract).asException();
        }
        Outcome<UsageRecord> outcome = events.accept(document);
        return Shapes.created(
                outcome,
                record -> Json.object()
                        .put("contract_id", record.contract().value())
                        .put("batch_id", record.batch())
                        .put("repeated", Shapes.isRepeated(outcome))
                        .build());
    }

    private Answer metrics(Call call) {
        ContractId contract = call.needed("contract_id", ContractId::new);
        if (database.read(tx -> ownership.contract(tx, call.principal(), contract))
                .isEmpty()) {
            throw Refusals.unknown("contract", contract).asException();
        }
        boolean works = switch (call.query("detail").orElse("none")) {
            case "works" -> true;
            case "none" -> false;
            default ->
                throw HttpRefusedException.malformed(
                        Refusals.malformed("http/unknown-detail", "detail is none or works"));
        };
        int limit = call.limit();
        Metrics found = metering.metrics(new MetricsQuery(
                contract,
                call.query("from", UsageActions::day),
                call.query("to", UsageActions::day),
                creator(call),
                call.query("job", JobId::new),
                call.scope(),
                works ? limit : 0,
                call.cursor()));
        Json.Builder body = Json.object()
                .put("contract_id", contract.value())
                .put("position", found.position())
                .put("uses", found.uses())
                .put(
                        "rows",
                        Json.array(found.rows().stream().map(UsageActions::row).toList()));
        if (works) {
            body.put(
                    "works",
                    Json.array(found.works().stream().map(UsageActions::work).toList()));
        }
        return Answer.ok(body.putIfPresent("next", found.next()).build());
    }

    /** A creator sees its own works only, whatever it asks for. */
    private static Optional<PartyId> creator(Call call) {
        Optional<PartyId> asked = call.query("creator", PartyId::new);
        if (call.principal().role() != Role.CREATOR) {
            return asked;
        }
        if (asked.isPresent() && !asked.get().equals(call.party())) {
            throw Refusals.unknown("creator", asked.get()).asException();
        }
        return Optional.of(call.party());
    }

    private static Json.Obj row(Metrics.Row row) {
        return Json.object()
                .put("day", row.day().toString())
                .put("root", row.dataset().hex())
                .put("creator_id", row.creator().value())
                .put("job_id", row.job().value())
                .put("scope", row.scope().word())
                .put("uses", row.uses())
                .build();
    }

    private static Json.Obj work(Metrics.Work work) {
        return Json.object()
                .put("content_id", work.content().toString())
                .put("creator_id", work.creator().value())
                .put("job_id", work.key().job().value())
                .put("scope", work.key().scope().word())
                .put("ref", work.ref())
                .build();
    }

    private static LocalDate day(String text) {
        try {
            return Times.date(text);
        } catch (MalformedException e) {
            throw new MalformedException("http/day", Fields.shown(text) + " is not a day like 2026-01-16");
        }
    }

    private Answer crossCheck(Call call) {
        JobId id = call.jobInPath();
        Optional<PartyId> creator =
                Optional.of(call.party()).filter(party -> call.principal().role() == Role.CREATOR);
        if (database.read(tx -> jobs.find(tx, id).filter(job -> sees(tx, call, job)))
                .isEmpty()) {
            throw Refusals.unknown("job", id).asException();
        }
        CrossCheck found = metering.crossCheck(id, creator)
                .orElseThrow(() -> Refusals.unknown("job", id).asException());
        Json.Builder answer = Json.object()
                .put("job_id", found.job().value())
                .put("position", found.position())
                .put("closed", found.closed())
                .put("delivered", found.delivered())
                .put("trained", found.trained())
                .put("without_receipt", works(found.withoutReceipt()))
                .put("without_training", works(found.withoutTraining()));
        if (creator.isEmpty()) {
            answer.put("events", events(found)); // says nothing of any one creator's works
        }
        return Answer.ok(answer.build());
    }

    private static Json works(List<ContentId> works) {
        return Json.strings(works.stream().map(ContentId::toString).toList());
    }

    private static Json events(CrossCheck found) {
        return Json.object()
                .put("batches", found.events())
                .put("samples", found.samples())
                .put(
                        "gaps",
                        Json.array(found.gaps().stream()
                                .map(gap -> Json.object()
                                        .put("from", gap.first())
                                        .put("to", gap.last())
                                        .build())
                                .toList()))
                .build();
    }

    private boolean sees(Handle tx, Call call, Job job) {
        Optional<Contract> contract = contracts.find(tx, job.contract());
        return call.seesAll()
                || job.buyer().equals(call.party())
                || contract.filter(found -> found.curator().equals(call.party()))
                        .isPresent()
                || (call.principal().role() == Role.CREATOR
                        && catalog.range(tx, job.dataset(), call.party()).isPresent());
    }
}
