package org.tallystick.sdk;

import java.time.Instant;
import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Verifier;

/**
 * The training gate's answer.
 *
 * @param reasons every reason against the job; empty exactly where it is allowed
 * @param signed compact JWS of type {@link #TYPE} with the same content; keep this one
 */
public record Verdict(boolean allowed, Instant time, List<Reason> reasons, String signed) {
    /** The {@code typ} of the JWS. */
    public static final String TYPE = "tallystick-verdict+jws";

    private static final String BASE = "https://tallystick.org/problems/";

    /** Copies the reasons. */
    public Verdict {
        reasons = List.copyOf(reasons);
    }

    /**
     * One reason why not.
     *
     * @param dataset which dataset; empty where the job as a whole is meant
     * @param type slug, for example {@code gate/names-alone}
     */
    public record Reason(String dataset, String type, String detail) {
        static Reason of(Fields fields) {
            String type = fields.text("type");
            return new Reason(
                    fields.text("dataset"),
                    type.startsWith(BASE) ? type.substring(BASE.length()) : type,
                    fields.text("detail"));
        }
    }

    static Verdict of(Fields fields) {
        return read(fields, fields.text("verdict"));
    }

    private static Verdict read(Fields fields, String signed) {
        return new Verdict(
                booleanOf(fields),
                fields.instant("time"),
                fields.objects("reasons").stream().map(Reason::of).toList(),
                signed);
    }

    private static boolean booleanOf(Fields fields) {
        return fields.optionalBool("allowed")
                .orElseThrow(() -> new MalformedException("json/missing-member", "verdict.allowed is missing"));
    }

    /**
     * Verifies the signature offline, and that it says what the answer beside it says.
     *
     * @throws UntrustedException with the reason
     */
    public void verify(DidKey platform, Verifier verifier) {
        try {
            Fields payload = Fields.of(Jws.parse(signed).verify(TYPE, platform, verifier), "verdict");
            if (!read(payload, signed).equals(this)) {
                throw new UntrustedException("gate/verdict-differs", "the signed verdict is not the one answered");
            }
        } catch (MalformedException e) {
            throw new UntrustedException(e);
        }
    }
}
