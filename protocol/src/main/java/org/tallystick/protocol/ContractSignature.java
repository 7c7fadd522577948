package org.tallystick.protocol;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One party's signature as it stands in a contract. Its form says little; {@link ContractDocument#verify} says whether
 * it is one.
 *
 * @param party who signs
 * @param key the key it claims to be made with; outside samples leave it out
 * @param text {@code 0x} and 128 lower-case hexadecimal digits, where it is authentic
 * @param timestamp when the party says it signed; not covered by the signature
 */
public record ContractSignature(String party, Optional<DidKey> key, String text, Instant timestamp) {
    public ContractSignature {
        Identifiers.check(party, "contract/party", "signing party");
        Objects.requireNonNull(key);
        Objects.requireNonNull(timestamp);
        if (!SignatureText.isWellFormed(text)) {
            throw new MalformedException(
                    "contract/signature-form", "the signature of " + party + " does not begin with 0x");
        }
    }

    static ContractSignature read(Fields fields) {
        ContractSignature signature = new ContractSignature(
                fields.text("party"),
                fields.optionalText("key").map(DidKey::parse),
                fields.text("sig"),
                fields.instant("timestamp"));
        fields.noOthers();
        return signature;
    }

    static Json.Obj write(String party, DidKey key, byte[] signature, Instant timestamp) {
        return Json.object()
                .put("party", party)
                .put("key", key.toString())
                .put("sig", SignatureText.of(signature))
                .put("timestamp", timestamp)
                .build();
    }
}
