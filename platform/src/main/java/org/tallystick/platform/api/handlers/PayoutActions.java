package org.tallystick.platform.api.handlers;

import java.util.Optional;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.payout.Payout;
import org.tallystick.platform.payout.PayoutInstruction;
import org.tallystick.platform.payout.Payouts;
import org.tallystick.platform.payout.Schedule;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/** Handlers about payout instructions. */
public final class PayoutActions {
    private final Payouts payouts;

    public PayoutActions(Payouts payouts) {
        this.payouts = payouts;
    }

    public void bind(Routes routes) {
        routes.bind("schedulePayout", this::schedule).bind("payouts", this::list);
    }

    private Answer schedule(Call call) {
        Fields body = call.json("payout");
        Optional<Money> minimum = body.optionalFields("minimum").map(Shapes::money);
        PayoutInstruction instruction = new PayoutInstruction(
                body.text("rail"),
                body.text("destination"),
                Currency.of(body.text("currency", 3)),
                Schedule.ofWord(body.text("schedule")),
                minimum);
        body.noOthers();
        return Shapes.created(payouts.schedule(call.principal(), instruction), PayoutActions::shape);
    }

    private Answer list(Call call) {
        Optional<PartyId> party = SettlementActions.own(call, call.query("party", PartyId::new), "party");
        return Answer.ok(Shapes.page(payouts.list(party, call.cursor(), call.limit()), PayoutActions::shape));
    }

    static Json.Obj shape(Payout payout) {
        Json.Builder body = Json.object()
                .put("payout_id", payout.id())
                .put("party_id", payout.party().value())
                .put("rail", payout.rail())
                .put("currency", payout.currency().code())
                .put("schedule", payout.schedule().word())
                .put("scheduled", payout.scheduled());
        payout.minimum().ifPresent(amount -> body.put("minimum", Shapes.money(amount)));
        return body.build();
    }
}
