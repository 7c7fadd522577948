package org.tallystick.platform.api.handlers;

import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Idempotency;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.PersonalData;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/** Handlers for what a person may ask about itself: to be forgotten, to be called rightly, to be shown what is kept. */
public final class PersonalActions {
    private static final int MAX_MEMBER = 64;

    private final PersonalData data;
    private final PartyExport export;
    private final Idempotency answers;

    public PersonalActions(PersonalData data, PartyExport export, Idempotency answers) {
        this.data = data;
        this.answers = answers;
        this.export = export;
    }

    public void bind(Routes routes) {
        routes.bind("eraseParty", this::erase)
                .bind("renameParty", this::rename)
                .bind("eraseWords", this::eraseWords)
                .bind("exportParty", this::export);
    }

    private Answer erase(Call call) {
        PartyId id = call.partyInPath();
        Fields body = call.json("erasure");
        boolean destinations = body.optionalBool("payout_destinations").orElse(false);
        body.noOthers();
        PersonalData.Erased erased =
                data.erase(call.principal(), id, destinations).orThrow();
        answers.forget(id);
        return Answer.ok(Json.object()
                .put("party", id.value())
                .put("words", erased.words())
                .put("display_name", erased.name())
                .put("api_keys", erased.keys())
                .put("kept", Json.strings(PersonalData.KEPT))
                .build());
    }

    private Answer rename(Call call) {
        PartyId id = call.partyInPath();
        Fields body = call.json("profile");
        String name = body.text("display_name");
        body.noOthers();
        return Answer.ok(Shapes.party(data.rename(call.principal(), id, name).orThrow()));
    }

    private Answer eraseWords(Call call) {
        Fields body = call.json("words");
        long position = body.integer("position", 0, Long.MAX_VALUE >> 11);
        String member = body.text("member", MAX_MEMBER);
        body.noOthers();
        PartyId owner = data.eraseWords(call.principal(), position, member).orThrow();
        return Answer.ok(Json.object()
                .put("position", position)
                .put("member", member)
                .put("words_of", owner.value())
                .build());
    }

    private Answer export(Call call) {
        PartyId id = call.partyInPath();
        if (!id.equals(call.party()) && call.principal().role() != Role.OPERATOR) {
            throw Refusals.unknown("party", id).asException();
        }
        PartyExport.Archive archive =
                export.of(id).orElseThrow(() -> Refusals.unknown("party", id).asException());
        return Answer.stream(200, "application/zip", -1, archive::write)
                .header("Content-Disposition", "attachment; filename=\"" + archive.name() + "\"");
    }
}
