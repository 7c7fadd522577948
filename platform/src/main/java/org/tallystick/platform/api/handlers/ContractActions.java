package org.tallystick.platform.api.handlers;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.tallystick.drafting.Clause;
import org.tallystick.drafting.Clauses;
import org.tallystick.drafting.DatedDuty;
import org.tallystick.drafting.Duties;
import org.tallystick.drafting.DutyCalendar;
import org.tallystick.drafting.Enforcement;
import org.tallystick.drafting.Odrl;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.HttpRefusedException;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.contract.Notice;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;

/** Handlers about contracts in force: accept, show, duties and calendar, notices, revocation. */
public final class ContractActions {
    private static final String CALENDAR = "text/calendar";

    private final Contracts contracts;
    private final Database database;
    private final InstantSource clock;
    private final Ownership ownership;

    public ContractActions(Contracts contracts, Database database, InstantSource clock, Ownership ownership) {
        this.contracts = contracts;
        this.database = database;
        this.clock = clock;
        this.ownership = ownership;
    }

    public void bind(Routes routes) {
        routes.bind("negotiate", this::accept)
                .bind("contract", this::find)
                .bind("contractDuties", this::duties)
                .bind("contractCalendar", call -> calendar(own(call)))
                .bind("revokeMandate", this::revokeMandate)
                .bind("contractPaper", this::paper)
                .bind("noticeContract", this::declare)
                .bind("revokeContract", this::revoke);
    }

    private Answer accept(Call call) {
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
                || document.signatures().stream()
                        .flatMap(signature -> Stream.of(signature.party(), signature.signer()))
                        .anyMatch(caller::equals);
    }

    private Answer find(Call call) {
        ContractId id = call.contractInPath();
        Contract found = database.read(tx -> ownership.contract(tx, call.principal(), id))
                .orElseThrow(() -> Refusals.unknown("contract", id).asException());
        return Answer.ok(shape(found));
    }

    private Contract own(Call call) {
        ContractId id = call.contractInPath();
        return database.read(tx -> ownership.contract(tx, call.principal(), id))
                .orElseThrow(() -> Refusals.unknown("contract", id).asException());
    }

    private Answer duties(Call call) {
        Contract contract = own(call);
        String wanted = call.prefers(CALENDAR) ? "ics" : "json";
        return switch (call.query("format").orElse(wanted)) {
            case "json" ->
                Answer.ok(Json.object()
                        .put("contract_id", contract.id().value())
                        .put(
                                "duties",
                                Json.array(duties(contract).stream()
                                        .map(ContractActions::duty)
                                        .toList()))
                        .put(
                                "enforced",
                                Json.array(Clauses.of(contract.document().terms()).stream()
                                        .flatMap(clause -> clause.enforcement().stream()
                                                .map(enforcement -> enforced(clause, enforcement)))
                                        .toList()))
                        .build());
            case "ics", "calendar" -> calendar(contract);
            default -> throw format(call, "json, ics, calendar");
        };
    }

    /** First moment past a contract's life, by what is known now: its end or an earlier revocation. */
    static Instant ends(Contract contract) {
        return contract.revocation()
                .map(Contract.Revocation::at)
                .filter(contract.ends()::isAfter)
                .orElse(contract.ends());
    }

    static List<DatedDuty> duties(Contract contract) {
        return Duties.of(contract.id().value(), contract.document().terms(), contract.accepted(), ends(contract));
    }

    private static Answer calendar(Contract contract) {
        return Answer.text(
                        CALENDAR + "; charset=utf-8",
                        DutyCalendar.of("Duties of " + contract.id(), duties(contract), contract.accepted()))
                .header("Content-Disposition", "inline; filename=\"duties.ics\"")
                .header("Cache-Control", "private, max-age=3600");
    }

    private Answer revokeMandate(Call call) {
        String mandate = call.path("mandate", text -> new ContractId(text).value());
        return Shapes.created(
                contracts.revokeMandate(call.principal(), mandate),
                revoked -> Json.object()
                        .put("mandate_id", revoked.mandate())
                        .put("creator_id", revoked.creator().value())
                        .put("revoked", revoked.at())
                        .build());
    }

    static Json.Obj duty(DatedDuty dated) {
        return Json.object()
                .put("id", dated.id())
                .put("owner", dated.duty().owner().name().toLowerCase(Locale.ROOT))
                .put("duty", dated.duty().sentence())
                .putIfPresent("due", dated.day().map(LocalDate::toString))
                .put("when", dated.duty().due().words())
                .build();
    }

    private static Json.Obj enforced(Clause clause, Enforcement enforcement) {
        return Json.object()
                .put("clause", clause.id())
                .put("by", enforcement.by().words())
                .put("how", enforcement.how())
                .build();
    }

    private Answer paper(Call call) {
        PrintedContract printed = PrintedContract.of(own(call).document());
        return switch (call.query("format").orElse("html")) {
            case "html" -> Answer.text("text/html; charset=utf-8", printed.html());
            case "markdown" -> Answer.text("text/markdown; charset=utf-8", printed.markdown());
            case "odrl" ->
                Answer.bytes(
                        200,
                        "application/ld+json",
                        Jcs.bytes(Odrl.write(own(call).document())));
            default -> throw format(call, "html, markdown, odrl");
        };
    }

    private static HttpRefusedException format(Call call, String known) {
        return HttpRefusedException.malformed(Refusals.malformed(
                "http/unknown-format", Fields.shown(call.query("format").orElse("")) + " is not one of " + known));
    }

    private Answer declare(Call call) {
        Fields body = call.json("notice");
        String kind = body.text("kind", 20);
        String reason = body.text("reason", Contracts.MAX_REASON);
        body.noOthers();
        ContractId id = own(call).id();
        Outcome<Notice> outcome = switch (kind) {
            case "termination" -> contracts.terminate(call.principal(), id, reason);
            case "breach" -> contracts.breach(call.principal(), id, reason);
            case "reversion" -> contracts.revert(call.principal(), id, reason);
            default ->
                throw new MalformedException(
                        "contract/notice-unknown", Fields.shown(kind) + " is not termination, breach or reversion");
        };
        return Shapes.created(
                outcome,
                notice -> Json.object()
                        .put("contract_id", notice.contract().value())
                        .put("kind", notice.kind().word())
                        .put("by", notice.by().value())
                        .put("given", notice.given())
                        .put("effective", notice.effective())
                        .put("reason", notice.reason())
                        .build());
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
