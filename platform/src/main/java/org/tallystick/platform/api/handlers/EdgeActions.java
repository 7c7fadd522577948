package org.tallystick.platform.api.handlers;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.delivery.Acknowledgement;
import org.tallystick.platform.delivery.CertificateRecord;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.RefusedBatches;
import org.tallystick.platform.delivery.Revocations;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;

/** Handlers about edges: registration, certificates, revocation, shipped batches. */
public final class EdgeActions {
    private static final int MAX_REASON = 256;

    private final Deliveries delivery;

    public EdgeActions(Deliveries delivery) {
        this.delivery = delivery;
    }

    public void bind(Routes routes) {
        routes.bind("registerEdge", this::register)
                .bind("certifyEdge", this::certify)
                .bind("edgeCertificate", this::certificate)
                .bind("revocations", this::revocations)
                .bind("refusedBatches", this::refused)
                .bind("revokeEdge", this::revoke)
                .bind("shipBatches", this::ship);
    }

    private Answer register(Call call) {
        Fields body = call.json("edge");
        String name = body.text("name");
        body.noOthers();
        return Shapes.created(
                delivery.edges().register(call.principal(), name),
                registered -> Json.object()
                        .put("edge", registered.edge().number())
                        .put("api_key", registered.apiKey())
                        .build());
    }

    private Answer certify(Call call) {
        int edge = own(call);
        Fields body = call.json("certificate-request");
        DidKey key = DidKey.parse(body.text("key"));
        byte[] proof = Base64Url.decode(body.text("proof", 200), "edge/key-proof");
        body.noOthers();
        return Shapes.created(delivery.edges().certify(call.principal(), edge, key, proof), EdgeActions::shape);
    }

    private Answer certificate(Call call) {
        int edge = call.numberInPath("edge");
        int epoch = call.numberInPath("epoch");
        return Answer.ok(shape(delivery.edges()
                .certificate(edge, epoch)
                .orElseThrow(() ->
                        Refusals.unknown("certificate", edge + "/" + epoch).asException())));
    }

    private static Json.Obj shape(CertificateRecord record) {
        return Json.object().put("certificate", record.compact()).build();
    }

    private Answer revocations(Call call) {
        int edge = own(call);
        if (delivery.edges().find(edge).isEmpty()) {
            throw Refusals.unknown("edge", edge).asException();
        }
        Optional<Long> after = call.query("after").isPresent()
                ? Optional.of(call.number("after", 0, 0, Long.MAX_VALUE >> 11))
                : Optional.empty();
        Revocations found = delivery.edges().revocations(after.orElse(-1L));
        return Answer.ok(Json.object()
                .put("position", Math.max(0, found.position()))
                .put("tokens", ids(found.tokens()))
                .put("closed", ids(found.closed()))
                .put(
                        "contracts",
                        Json.strings(found.contracts().stream()
                                .map(ContractId::value)
                                .toList()))
                .build());
    }

    private static Json ids(List<TokenId> tokens) {
        return Json.strings(tokens.stream().map(TokenId::toString).toList());
    }

    private Answer refused(Call call) {
        int edge = call.principal().role() == Role.AUDITOR ? call.numberInPath("edge") : own(call);
        if (delivery.edges().find(edge).isEmpty()) {
            throw Refusals.unknown("edge", edge).asException();
        }
        return Answer.ok(Shapes.page(delivery.intake().refused(edge, call.cursor(), call.limit()), EdgeActions::shape));
    }

    private static Json.Obj shape(RefusedBatches refused) {
        return Json.object()
                .put("epoch", refused.epoch())
                .put("reason", refused.reason())
                .put("first_sequence", refused.first())
                .put("last_sequence", refused.last())
                .put("shipments", refused.shipments())
                .put("first_at", refused.firstAt())
                .put("last_at", refused.lastAt())
                .put("header", Base64Url.encode(refused.header().encode()))
                .build();
    }

    private Answer revoke(Call call) {
        int edge = call.numberInPath("edge");
        Fields body = call.json("revocation");
        String reason = body.text("reason", MAX_REASON);
        Optional<Integer> epoch =
                body.optionalInteger("epoch", 1, Integer.MAX_VALUE).map(Math::toIntExact);
        body.noOthers();
        delivery.edges().revoke(call.principal(), edge, epoch, reason).orThrow();
        return Answer.ok(Json.object().put("edge", edge).put("revoked", true).build());
    }

    private Answer ship(Call call) throws IOException {
        Acknowledgement found =
                delivery.intake().accept(call.principal(), call.bytes()).orThrow();
        return Answer.ok(Json.object()
                .put("epoch", found.epoch())
                .put("acknowledged", found.acknowledged())
                .put("log_size", found.logSize())
                .build());
    }

    /** The edge in the path, which must be the caller, unless an operator asks; another does not exist for it. */
    private static int own(Call call) {
        int edge = call.numberInPath("edge");
        boolean itself = call.party().equals(new PartyId("edge-" + edge));
        if (!itself && call.principal().role() != Role.OPERATOR) {
            throw Refusals.unknown("edge", edge).asException();
        }
        return edge;
    }
}
