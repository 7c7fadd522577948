package org.tallystick.platform.payout;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Erasure;
import org.tallystick.platform.log.Projection;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;

/** Fills the tables of payout instructions from the log. */
final class PayoutProjection implements Projection {
    static final String SCHEDULED = "payout-scheduled";

    static Json.Obj body(String id, PartyId party, PayoutInstruction instruction, Hash destination) {
        Json.Builder body = Json.object()
                .put("payout", id)
                .put("party", party.value())
                .put("rail", instruction.rail())
                .put("currency", instruction.currency().code())
                .put("schedule", instruction.schedule().word())
                .put("destination_hash", destination.hex());
        return body.putIfPresent("minimum", instruction.minimum().map(Money::toDecimal))
                .build();
    }

    @Override
    public String name() {
        return "payout";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (entry instanceof LogEntry.DocumentEntry document && document.type().equals(SCHEDULED)) {
            Fields body = Fields.of(document.body(), SCHEDULED);
            Currency currency = Currency.of(body.text("currency"));
            Optional<Money> minimum = body.optionalText("minimum").map(text -> Money.parse(currency, text));
            PayoutStore.insert(
                    tx,
                    new Payout(
                            body.text("payout"),
                            new PartyId(body.text("party")),
                            body.text("rail"),
                            currency,
                            Schedule.ofWord(body.text("schedule")),
                            minimum,
                            Hash.ofHex(body.text("destination_hash")),
                            document.time(),
                            position));
        } else if (entry instanceof LogEntry.DocumentEntry document
                && document.type().equals(Erasure.TYPE)
                && Erasure.read(document.body()) instanceof Erasure.OfParty erasure
                && erasure.destinations()) {
            PayoutStore.deleteDestinations(tx, erasure.party(), position);
        }
    }

    @Override
    public void reset(Handle tx) {
        PayoutStore.empty(tx);
    }
}
