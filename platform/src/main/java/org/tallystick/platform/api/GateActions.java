package org.tallystick.platform.api;

import org.tallystick.platform.gate.TrainingGate;

/** The question a pipeline asks. */
final class GateActions {
    private final TrainingGate gate;

    GateActions(Rooms rooms) {
        this.gate = rooms.gate();
    }

    void bind(Routes routes) {
        routes.bind("validateTraining", this::validate);
    }

    private Answer validate(Call call) {
        return Answer.ok(gate.validate(call.principal(), call.jsonObject("training-job"))
                .orThrow()
                .document());
    }
}
