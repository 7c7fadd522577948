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
 * One party's signature as it stands in a contract, as hexadecimal digits or as a detached JSON Web Signature. Only its
 * form is checked here; {@link ContractDocument#verify} checks the signature.
 *
 * @param party who is bound by it
 * @param key the key that the signature says it was made with; missing in samples written by others
 * @param text {@code 0x} and 128 lower-case hexadecimal digits, or a detached JWS
 * @param timestamp when the party says it signed; not covered by the signature
 * @param mandate present where another signs for the party; the key is then the agent's
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

    /**
     * The key the signature names. A text that begins neither with {@code 0x} nor like a JWS is read as a JWS, so that
     * the error says what it lacks.
     */
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
                fields.optionalFields("mandate").map(mandate -> Mandate.read(mandate)));
        fields.noOthers();
        return signature;
    }

    /** Who made the signature: the party itself, or the agent that has a mandate. */
    public String signer() {
        return mandate.map(Mandate::agent).orElse(party);
    }

    /** The key's name in a DID document; empty where the signature names it by did:key. */
    public Optional<DidWeb> web() {
        return SignatureText.isWellFormed(text)
                ? Optional.empty()
                : DetachedJws.parse(text).web();
    }

    /** Writes a signature as hexadecimal digits, the form in which programs of others write it. */
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
