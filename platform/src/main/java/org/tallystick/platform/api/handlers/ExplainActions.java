package org.tallystick.platform.api.handlers;

import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.audit.Explain;
import org.tallystick.platform.audit.Explanation;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/** The handler that explains a reference: what an amount or a receipt is made of and is part of. */
public final class ExplainActions {
    private final Explain explain;

    public ExplainActions(Explain explain) {
        this.explain = explain;
    }

    public void bind(Routes routes) {
        routes.bind("explain", this::explain);
    }

    private Answer explain(Call call) {
        String ref = call.path("ref");
        Explanation found = explain.explain(ref).orThrow();
        if (!call.seesAll() && !found.parties().contains(call.party())) {
            throw Refusals.unknown("explain", Fields.shown(ref)).asException();
        }
        return Answer.ok(Json.object()
                .put("ref", found.ref())
                .put("kind", found.kind())
                .put("text", Json.strings(found.text()))
                .put("made_of", Json.strings(found.madeOf()))
                .put("part_of", Json.strings(found.partOf()))
                .build());
    }
}
