package org.tallystick.platform.api.handlers;

import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.gate.TrainingGate;

/** The handler of the training gate: may this training job run? */
public final class GateActions {
    private final TrainingGate gate;

    public GateActions(TrainingGate gate) {
        this.gate = gate;
    }

    public void bind(Routes routes) {
        routes.bind("validateTraining", this::validate);
    }

    private Answer validate(Call call) {
        return Answer.ok(gate.validate(call.principal(), call.jsonObject("training-job"))
                .orThrow()
                .document());
    }
}
