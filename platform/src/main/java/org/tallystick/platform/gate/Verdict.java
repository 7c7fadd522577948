package org.tallystick.platform.gate;

import java.time.Instant;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;

/**
 * The gate's answer, signed.
 *
 * @param question SHA-256 of the canonical question
 * @param time when it was judged
 * @param reasons every reason why not; empty exactly where the job may run
 * @param signed compact JWS of type {@value #TYPE} over {@link #document} without itself
 */
public record Verdict(String model, String window, Hash question, Instant time, List<Reason> reasons, String signed) {
    /** The {@code typ} of the signature. */
    public static final String TYPE = "tallystick-verdict+jws";

    private static final String PROBLEMS = "https://tallystick.org/problems/";

    public Verdict {
        reasons = List.copyOf(reasons);
    }

    /**
     * One reason why not.
     *
     * @param dataset which, by the name it was asked by
     * @param type slug, {@code gate/…}
     */
    public record Reason(String dataset, String type, String detail) {
        Json.Obj document() {
            return Json.object()
                    .put("dataset", dataset)
                    .put("type", PROBLEMS + type)
                    .put("detail", detail)
                    .build();
        }
    }

    static Verdict sign(TrainingQuestion question, Instant time, List<Reason> reasons, Signer platform) {
        Verdict unsigned = new Verdict(question.model(), question.window(), question.hash(), time, reasons, "");
        String signed = Jws.sign(TYPE, unsigned.payload(), platform).compact();
        return new Verdict(question.model(), question.window(), question.hash(), time, reasons, signed);
    }

    /** Whether the job may run. */
    public boolean allowed() {
        return reasons.isEmpty();
    }

    /** The document that answers the caller: what was signed and the signature. */
    public Json.Obj document() {
        return payload().with("verdict", Json.of(signed));
    }

    private Json.Obj payload() {
        return Json.object()
                .put("allowed", allowed())
                .put("model", model)
                .put("trainingWindow", window)
                .put("question", question.hex())
                .put("time", time)
                .put(
                        "reasons",
                        Json.array(reasons.stream().map(Reason::document).toList()))
                .build();
    }
}
