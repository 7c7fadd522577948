package org.tallystick.platform.api;

import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.delivery.UsageEvents;
import org.tallystick.platform.delivery.UsageRecord;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.protocol.Json;
import org.tallystick.protocol.UsageEvent;

/** Usage events. */
final class UsageActions {
    private final UsageEvents events;
    private final Contracts contracts;

    UsageActions(Rooms rooms) {
        this.events = rooms.delivery().usageEvents();
        this.contracts = rooms.contracts();
    }

    void bind(Routes routes) {
        routes.bind("usageEvent", this::report);
    }

    private Answer report(Call call) {
        Json.Obj document = call.jsonObject("usage-event");
        ContractId contract = new ContractId(UsageEvent.parse(document).contract());
        if (contracts
                .find(contract)
                .filter(found -> found.buyer().equals(call.party()))
                .isEmpty()) {
            throw Refusals.unknown("contract", contract).asException();
        }
        Outcome<UsageRecord> outcome = events.accept(document);
        return Shapes.created(
                outcome,
                record -> Json.object()
                        .put("contract_id", record.contract().value())
                        .put("batch_id", record.batch())
                        .put("repeated", Shapes.isRepeated(outcome))
                        .build());
    }
}
