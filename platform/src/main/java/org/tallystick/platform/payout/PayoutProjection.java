package org.tallystick.platform.payout;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Projection;
import org.tallystick.protocol.Fields;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Json;
import org.tallystick.protocol.LogEntry;
import org.tallystick.protocol.Sha256;

/** Makes the table from entries {@code payout-scheduled}. */
final class PayoutProjection implements Projection {
    static final String SCHEDULED = "payout-scheduled";

    static Json.Obj body(PartyId party, PayoutInstruction instruction, Hash destination) {
        Json.Builder body = Json.object()
                .put("party", party.value())
                .put("rail", instruction.rail())
                .put("currency", instruction.currency().code())
                .put("schedule", instruction.schedule().word())
                .put("destination_hash", destination.hex());
        instruction.minimum().ifPresent(minimum -> body.put("minimum", minimum.toDecimal()));
        return body.build();
    }

    static Payout payout(long position, Instant time, Fields body) {
        Hash destination = Hash.ofHex(body.text("destination_hash"));
        Currency currency = Currency.of(body.text("currency"));
        Optional<Money> minimum = body.optionalText("minimum").map(text -> Money.parse(currency, text));
        return new Payout(
                id(destination),
                position,
                new PartyId(body.text("party")),
                body.text("rail"),
                currency,
                Schedule.parse(body.text("schedule")),
                minimum,
                destination,
                time);
    }

    /** Each instruction has a salt of its own, so its hash names it. */
    private static String id(Hash destination) {
        String named = "tallystick/payout/v1\n" + destination.hex();
        return "po-" + Sha256.hash(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 40);
    }

    @Override
    public String name() {
        return "payout";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (entry instanceof LogEntry.DocumentEntry document && document.type().equals(SCHEDULED)) {
            PayoutStore.insert(tx, payout(position, document.time(), Fields.of(document.body(), SCHEDULED)));
        }
    }

    @Override
    public void reset(Handle tx) {
        PayoutStore.empty(tx);
    }
}
