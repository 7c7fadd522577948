package org.tallystick.protocol.terms;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DetachedJws;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.DidWeb;

/**
 * One party's signature as it stands in a contract, in hexadecimal digits or as a detached JSON Web Signature. Its form
 * says little; {@link ContractDocument#verify} says whether it is one.
 *
 * @param party who is bound by it
 * @param key the key it claims to be made with; outside samples leave it out
 * @param text {@code 0x} and 128 lower-case hexadecimal digits, where it is authentic; or a detached JWS
 * @param timestamp when the party says it signed; not covered by the signature
 * @param mandate by which another signs for the party; the key is then that other's
 */
public record ContractSignature(
        String party, Optional<DidKey> key, String text, Instant timestamp, Optional<Mandate> mandate) {
    private static final String HEXADECIMAL = "sig";
    private static final String DETACHED = "jws";

    public ContractSignature {
        Identifiers.check(party, "contract/party", "signing party");
        Objects.requireNonNull(key);
        Objects.requireNonNull(timestamp);
        Objects.requireNonNull(mandate);
        if (!SignatureText.isWellFormed(text)) {
            key = key(party, key, text);
        }
    }

    /** A signature in digits that is not even begun like one is taken for a JWS, and named by what it lacks. */
    private static Optional<DidKey> key(String party, Optional<DidKey> stated, String text) {
        if (!text.contains(".")) {
            throw new MalformedException(
                    "contract/signature-form", "the signature of " + party + " does not begin with 0x");
        }
        DetachedJws jws = DetachedJws.parse(text);
        if (jws.web().isPresent() && stated.isEmpty()) {
            throw new MalformedException(
                    "contract/signature-key-missing",
                    "the signature of " + party + " names " + jws.web().get()
                            + "; it must say its key too, so that it can be checked without a network");
        }
        if (jws.key().isPresent() && stated.isPresent() && !stated.equals(jws.key())) {
            throw new MalformedException(
                    "contract/signature-keys-differ", "the signature of " + party + " names two different keys");
        }
        return stated.or(jws::key);
    }

    static ContractSignature read(Fields fields) {
        boolean detached = fields.optional(DETACHED).isPresent();
        if (detached && fields.optional(HEXADECIMAL).isPresent()) {
            throw new MalformedException(
                    "contract/signature-form", "a signature is given as sig or as jws, not as both");
        }
        String text = fields.text(detached ? DETACHED : HEXADECIMAL);
        if (detached == SignatureText.isWellFormed(text)) {
            throw new MalformedException(
                    "contract/signature-form",
                    fields.path(detached ? DETACHED : HEXADECIMAL)
                            + (detached ? " is no detached JWS" : " does not begin with 0x"));
        }
        ContractSignature signature = new ContractSignature(
                fields.text("party"),
                fields.optionalText("key").map(DidKey::parse),
                text,
                fields.instant("timestamp"),
                fields.optionalFields("mandate").map(mandate -> Mandate.parse(mandate.object())));
        fields.noOthers();
        return signature;
    }

    /** Who made it: the party itself, or whom it has given a mandate. */
    public String signer() {
        return mandate.map(Mandate::agent).orElse(party);
    }

    /** The name of its key in a DID document, where it has one. */
    public Optional<DidWeb> web() {
        return SignatureText.isWellFormed(text)
                ? Optional.empty()
                : DetachedJws.parse(text).web();
    }

    /** The form signatures of outside clients have. */
    static Json.Obj write(String party, DidKey key, byte[] signature, Instant timestamp) {
        return Json.object()
                .put("party", party)
                .put("key", key.toString())
                .put(HEXADECIMAL, SignatureText.of(signature))
                .put("timestamp", timestamp)
                .build();
    }

    static Json.Obj writeDetached(String party, DidKey key, String compact, Instant timestamp) {
        return Json.object()
                .put("party", party)
                .put("key", key.toString())
                .put(DETACHED, compact)
                .put("timestamp", timestamp)
                .build();
    }
}
