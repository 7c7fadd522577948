package org.tallystick.platform.api.handlers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.drafting.ContractDiff;
import org.tallystick.drafting.Flag;
import org.tallystick.drafting.Linter;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.contract.Approvals;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.contract.Negotiation;
import org.tallystick.platform.contract.Negotiations;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.terms.ContractApproval;

/** Offers, counter-offers and signatures until there is a contract. */
public final class NegotiationActions {
    private final Negotiations negotiations;
    private final Database database;
    private final Ownership ownership;

    public NegotiationActions(Negotiations negotiations, Database database, Ownership ownership) {
        this.negotiations = negotiations;
        this.database = database;
        this.ownership = ownership;
    }

    public void bind(Routes routes) {
        routes.bind("openNegotiation", this::open)
                .bind("negotiation", call -> Answer.ok(shape(call, own(call))))
                .bind("counterOffer", this::counter)
                .bind("signOffer", this::sign)
                .bind("breakOff", this::breakOff)
                .bind("wantApprovals", this::wantApprovals)
                .bind("approveOffer", this::approve);
    }

    private Answer open(Call call) {
        Fields body = call.json("offer");
        Json.Obj document = body.fields("document").object();
        String message = message(body);
        Optional<Instant> expires = body.optionalInstant("expires");
        body.noOthers();
        return Shapes.created(
                negotiations.open(call.principal(), document, message, expires),
                made -> "/negotiations/" + made.id(),
                made -> shape(call, made));
    }

    private Answer counter(Call call) {
        Negotiation negotiation = own(call);
        Fields body = call.json("offer");
        int answers = (int) body.integer("answers", 1, Integer.MAX_VALUE);
        Json.Obj document = body.fields("document").object();
        String message = message(body);
        Optional<Instant> expires = body.optionalInstant("expires");
        body.noOthers();
        return Answer.ok(shape(
                call,
                negotiations
                        .counter(call.principal(), negotiation.id(), answers, document, message, expires)
                        .orThrow()));
    }

    private Answer sign(Call call) {
        Negotiation negotiation = own(call);
        Fields body = call.json("signing");
        int version = (int) body.integer("version", 1, Integer.MAX_VALUE);
        Json.Obj signature = body.fields("signature").object();
        body.noOthers();
        return Answer.ok(shape(
                call,
                negotiations
                        .sign(call.principal(), negotiation.id(), version, signature)
                        .orThrow()));
    }

    private Answer breakOff(Call call) {
        Negotiation negotiation = own(call);
        Fields body = call.json("termination");
        String reason = body.text("reason", Contracts.MAX_REASON);
        body.noOthers();
        return Answer.ok(shape(
                call,
                negotiations
                        .terminate(call.principal(), negotiation.id(), reason)
                        .orThrow()));
    }

    private Answer wantApprovals(Call call) {
        Negotiation negotiation = own(call);
        Fields body = call.json("approvers");
        int needed = (int) body.integer("needed", 1, Approvals.MOST);
        Map<String, DidKey> approvers = new TreeMap<>();
        for (Fields item : body.objects("approvers")) {
            String approver = item.text("approver");
            if (approvers.put(approver, DidKey.parse(item.text("key"))) != null) {
                throw new MalformedException("approval/needed", Fields.shown(approver) + " is named twice");
            }
            item.noOthers();
        }
        body.noOthers();
        return Answer.ok(shape(
                call,
                negotiations
                        .wantApprovals(call.principal(), negotiation.id(), new Approvals(needed, approvers))
                        .orThrow()));
    }

    private Answer approve(Call call) {
        Negotiation negotiation = own(call);
        Fields body = call.json("approving");
        int version = (int) body.integer("version", 1, Integer.MAX_VALUE);
        ContractApproval approval =
                ContractApproval.parse(body.fields("approval").object());
        body.noOthers();
        return Answer.ok(shape(
                call,
                negotiations
                        .approve(call.principal(), negotiation.id(), version, approval)
                        .orThrow()));
    }

    private static String message(Fields body) {
        return body.optionalText("message").orElse("");
    }

    private Negotiation own(Call call) {
        String id = call.path("negotiation");
        return negotiations
                .find(id)
                .filter(found -> database.read(tx -> ownership.negotiation(tx, call.principal(), found)))
                .orElseThrow(
                        () -> Refusals.unknown("negotiation", Fields.shown(id)).asException());
    }

    /** What goes on inside the buyer's organisation is not the other side's to know. */
    private static boolean seesApprovals(Call call, Negotiation negotiation) {
        return call.seesAll() || call.party().equals(negotiation.buyer());
    }

    private static Json.Obj shape(Call call, Negotiation negotiation) {
        boolean inside = seesApprovals(call, negotiation);
        List<Json.Obj> offers = new ArrayList<>();
        Optional<Negotiation.Offer> before = Optional.empty();
        for (Negotiation.Offer offer : negotiation.offers()) {
            Json.Obj shaped = offer(offer, before);
            offers.add(
                    inside && negotiation.approvals().isPresent()
                            ? shaped.with("approved", Json.strings(offer.approved()))
                            : shaped);
            before = Optional.of(offer);
        }
        Json.Builder out = Json.object()
                .put("negotiation_id", negotiation.id())
                .put("contract_id", negotiation.contract().value())
                .put("state", negotiation.state().name())
                .put("buyer_id", negotiation.buyer().value())
                .put("curator_id", negotiation.curator().value())
                .put("version", negotiation.current().version())
                .put("offers", Json.array(offers));
        if (!negotiation.reason().isEmpty()) {
            out.put("reason", negotiation.reason());
        }
        negotiation.approvals().filter(wanted -> inside).ifPresent(wanted -> out.put("approvals", approvals(wanted)));
        return out.build();
    }

    private static Json.Obj approvals(Approvals approvals) {
        return Json.object()
                .put("needed", approvals.needed())
                .put(
                        "approvers",
                        Json.array(approvals.approvers().entrySet().stream()
                                .map(approver -> Json.object()
                                        .put("approver", approver.getKey())
                                        .put("key", approver.getValue().toString())
                                        .build())
                                .toList()))
                .build();
    }

    private static Json.Obj offer(Negotiation.Offer offer, Optional<Negotiation.Offer> before) {
        Json.Builder out = Json.object()
                .put("version", offer.version())
                .put("by", offer.by().value())
                .put("made", offer.made())
                .put("message", offer.message())
                .put("hash", offer.document().hash().hex())
                .put("document", offer.document().json())
                .put(
                        "signed",
                        Json.strings(offer.signed().stream().map(PartyId::value).toList()))
                .put(
                        "flags",
                        Json.array(Linter.lint(offer.document()).stream()
                                .map(Flag::json)
                                .toList()));
        offer.expires().ifPresent(at -> out.put("expires", at));
        before.ifPresent(old -> out.put(
                "changes",
                Json.strings(
                        ContractDiff.between(old.document(), offer.document()).lines())));
        return out.build();
    }
}
