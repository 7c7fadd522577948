package org.tallystick.protocol;

import java.time.Instant;
import java.util.HexFormat;
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
    private static final String PREFIX = "0x";
    private static final int MAX_TEXT = 256;

    public ContractSignature {
        Identifiers.check(party, "contract/party", "signing party");
        Objects.requireNonNull(key);
        Objects.requireNonNull(timestamp);
        if (!text.startsWith(PREFIX) || text.length() > MAX_TEXT) {
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
                .put("sig", text(signature))
                .put("timestamp", timestamp)
                .build();
    }

    /** The text form of 64 signature bytes, here and in usage events and manifests. */
    static String text(byte[] signature) {
        return PREFIX + HexFormat.of().formatHex(signature);
    }

    /** The 64 bytes, where the text is the one form of them. */
    static Optional<byte[]> bytes(String text) {
        String digits = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
        if (digits.length() != 128 || !digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return Optional.empty();
        }
        return Optional.of(HexFormat.of().parseHex(digits));
    }
}
