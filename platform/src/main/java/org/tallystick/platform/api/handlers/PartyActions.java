package org.tallystick.platform.api.handlers;

import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;

/** Handlers about parties and their API keys. */
public final class PartyActions {
    private final Parties parties;

    public PartyActions(Parties parties) {
        this.parties = parties;
    }

    public void bind(Routes routes) {
        routes.bind("registerParty", this::register).bind("party", this::find).bind("issueKey", this::issueKey);
    }

    private Answer register(Call call) {
        Fields body = call.json("party");
        NewParty party = new NewParty(
                new PartyId(body.text("id")),
                Role.parse(body.text("role")),
                body.text("display_name"),
                DidKey.parse(body.text("key")));
        body.noOthers();
        return Shapes.created(parties.register(party), found -> "/parties/" + found.id(), Shapes::party);
    }

    private Answer find(Call call) {
        PartyId id = own(call, call.partyInPath());
        return Answer.ok(Shapes.party(
                parties.find(id).orElseThrow(() -> Refusals.unknown("party", id).asException())));
    }

    private Answer issueKey(Call call) {
        PartyId id = own(call, call.partyInPath());
        if (!id.equals(call.party()) && call.principal().role() != Role.OPERATOR) {
            throw Refusals.unknown("party", id).asException();
        }
        String key = parties.issueKey(id).orThrow();
        return Answer.created(
                Json.object().put("party", id.value()).put("api_key", key).build());
    }

    /** Everybody but operators and auditors sees only itself. */
    private static PartyId own(Call call, PartyId id) {
        if (!call.seesAll() && !id.equals(call.party())) {
            throw Refusals.unknown("party", id).asException();
        }
        return id;
    }
}
