package org.tallystick.platform.api.handlers;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.ApiKeys;
import org.tallystick.platform.party.KeyRecord;
import org.tallystick.platform.party.KeyWish;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.party.SecurityEvent;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.DidKey;

/** Handlers about parties, their keys, and what happened to those. */
public final class PartyActions {
    private static final int MAX_SIGNATURE = 200;

    private final Parties parties;
    private final ApiKeys keys;

    public PartyActions(Parties parties) {
        this.parties = parties;
        this.keys = parties.keys();
    }

    public void bind(Routes routes) {
        routes.bind("registerParty", this::register)
                .bind("party", this::find)
                .bind("apiKeys", this::list)
                .bind("issueKey", this::issueKey)
                .bind("revokeKey", this::revokeKey)
                .bind("changeKey", this::changeKey)
                .bind("securityEvents", this::events);
    }

    private Answer register(Call call) {
        Fields body = call.json("party");
        NewParty party = new NewParty(
                new PartyId(body.text("id")),
                Role.parse(body.text("role")),
                body.text("display_name"),
                DidKey.parse(body.text("key")));
        String possession = body.text("possession");
        body.noOthers();
        return Shapes.created(parties.register(party, possession), found -> "/parties/" + found.id(), Shapes::party);
    }

    private Answer find(Call call) {
        PartyId id = own(call, call.partyInPath());
        return Answer.ok(Shapes.party(
                parties.find(id).orElseThrow(() -> Refusals.unknown("party", id).asException())));
    }

    private Answer list(Call call) {
        PartyId id = own(call, call.partyInPath());
        if (parties.find(id).isEmpty()) {
            throw Refusals.unknown("party", id).asException();
        }
        return Answer.ok(Json.object()
                .put(
                        "items",
                        Json.array(
                                keys.list(id).stream().map(PartyActions::shape).toList()))
                .build());
    }

    /** A party that signs brings the hash of its key; of the others, operators ask for anybody and everybody for itself. */
    private Answer issueKey(Call call) throws IOException {
        PartyId id = ownOrOperated(call);
        if (call.signed().isPresent()) {
            if (!id.equals(call.party())) {
                throw Refusals.unknown("party", id).asException();
            }
            if (call.principal().role().signs()) {
                Outcome<KeyRecord> taken = keys.take(call.signed().get(), call.bytes());
                return Shapes.created(taken, PartyActions::shape);
            }
        }
        KeyWish wish = KeyWish.read(call.json("key"));
        String key = keys.issue(id, wish).orThrow();
        return Answer.created(
                Json.object().put("party", id.value()).put("api_key", key).build());
    }

    /** Its party ends any key under its signature, an operator anybody's; with an API key alone a party ends that key only. */
    private Answer revokeKey(Call call) {
        PartyId id = ownOrOperated(call);
        String key = call.path("key", ApiKey::checkId);
        boolean itself = call.bearer().key().equals(Optional.of(key));
        if (call.principal().role().signs() && call.signed().isEmpty() && !itself) {
            throw Refusals.onlyItself(call.principal()).asException();
        }
        return Answer.ok(shape(keys.revoke(id, key).orThrow()));
    }

    private Answer changeKey(Call call) {
        PartyId id = call.partyInPath();
        if (!id.equals(call.party())) {
            throw Refusals.unknown("party", id).asException();
        }
        Fields body = call.json("signing-key");
        DidKey key = DidKey.parse(body.text("key"));
        byte[] handover = Base64Url.decode(body.text("handover", MAX_SIGNATURE), "party/key-proof");
        String possession = body.text("possession");
        body.noOthers();
        return Answer.ok(
                Shapes.party(parties.rotateKey(id, key, handover, possession).orThrow()));
    }

    private Answer events(Call call) {
        return Answer.ok(Shapes.page(
                parties.events()
                        .list(
                                call.query("kind", SecurityEvent.Kind::ofWord),
                                call.query("party", PartyId::new),
                                call.cursor().map(text -> call.number("cursor", 0, 0, Long.MAX_VALUE >> 4)),
                                call.limit()),
                PartyActions::shape));
    }

    private static Json.Obj shape(KeyRecord key) {
        return Json.object()
                .put("id", key.id())
                .put("party", key.party().value())
                .put("own", key.own())
                .put("issued", key.issued())
                .putIfPresent("name", key.name())
                .putIfPresent("expires", text(key.expires()))
                .putIfPresent("last_used", text(key.lastUsed()))
                .putIfPresent("revoked", text(key.revoked()))
                .build();
    }

    private static Json.Obj shape(SecurityEvent event) {
        return Json.object()
                .put("kind", event.kind().word())
                .put("party", event.party())
                .put("about", event.about())
                .put("address", event.address())
                .put("times", event.times())
                .put("first", event.first())
                .put("last", event.last())
                .build();
    }

    private static Optional<String> text(Optional<Instant> time) {
        return time.map(Times::text);
    }

    private static PartyId ownOrOperated(Call call) {
        PartyId id = own(call, call.partyInPath());
        if (!id.equals(call.party()) && call.principal().role() != Role.OPERATOR) {
            throw Refusals.unknown("party", id).asException();
        }
        return id;
    }

    /** Everybody but operators and auditors sees only itself. */
    private static PartyId own(Call call, PartyId id) {
        if (!call.seesAll() && !id.equals(call.party())) {
            throw Refusals.unknown("party", id).asException();
        }
        return id;
    }
}
