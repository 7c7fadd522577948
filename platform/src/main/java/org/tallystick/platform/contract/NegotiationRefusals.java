package org.tallystick.platform.contract;

import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;

/** The refusals that several steps of a negotiation share, each worded once. */
final class NegotiationRefusals {
    private NegotiationRefusals() {}

    static Decision<Outcome<String>> refused(String type, String detail) {
        return Decision.answer(Outcome.refused(Problem.conflict(type, "Not in this negotiation", detail)));
    }

    static Decision<Outcome<String>> unknown(String id) {
        return Decision.answer(Outcome.refused(
                Problem.notFound("negotiation/unknown", "Unknown negotiation", "there is no negotiation " + id)));
    }

    static Decision<Outcome<String>> over(Negotiation negotiation) {
        return refused("negotiation/over", "negotiation " + negotiation.id() + " is " + negotiation.state());
    }

    static Decision<Outcome<String>> superseded(Negotiation negotiation, int version) {
        return refused(
                "negotiation/superseded",
                "version " + version + " is not the one that stands; that is "
                        + negotiation.current().version());
    }
}
