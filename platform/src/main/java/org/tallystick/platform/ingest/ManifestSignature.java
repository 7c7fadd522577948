package org.tallystick.platform.ingest;

import java.util.HexFormat;
import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * A creator's signature over a manifest: Ed25519 over the canonical JSON of the manifest without {@code signature}. As
 * read; what is elided or wrong is found by {@link #verify}, with the reason.
 *
 * @param key the {@code did:key} it claims
 * @param sig {@code 0x} and 128 lower-case hexadecimal digits
 */
public record ManifestSignature(String key, String sig) {
    private static final int MAX = 200;

    public ManifestSignature {
        Objects.requireNonNull(key);
        Objects.requireNonNull(sig);
    }

    static ManifestSignature parse(Fields fields) {
        ManifestSignature signature = new ManifestSignature(fields.text("key", MAX), fields.text("sig", MAX));
        fields.noOthers();
        return signature;
    }

    /** The manifest with a signature in it; one that it has already is replaced. */
    public static Json.Obj sign(Json.Obj manifest, Signer signer) {
        Json.Obj unsigned = manifest.without("signature");
        return unsigned.with(
                "signature",
                Json.object()
                        .put("key", new DidKey(signer.publicKey()).toString())
                        .put("sig", "0x" + HexFormat.of().formatHex(signer.sign(Jcs.bytes(unsigned))))
                        .build());
    }

    /**
     * Checks that a creator has signed a manifest.
     *
     * @param manifest with or without its signature
     * @param creator the key the creator is registered with
     * @throws MalformedException {@code manifest/signature-key}, {@code manifest/signature-malformed}, {@code
     *     manifest/signature-wrong}
     */
    void verify(Json.Obj manifest, DidKey creator, Verifier verifier) {
        if (!key.equals(creator.toString())) {
            throw new MalformedException(
                    "manifest/signature-key",
                    "signed with " + Fields.shown(key) + ", while the creator is registered with " + creator);
        }
        if (!sig.matches("0x[0-9a-f]{128}")) {
            throw new MalformedException(
                    "manifest/signature-malformed",
                    "a signature is 0x and 128 lower-case hexadecimal digits, not " + Fields.shown(sig));
        }
        byte[] bytes = HexFormat.of().parseHex(sig, 2, sig.length());
        if (!verifier.verify(creator.publicKey(), Jcs.bytes(manifest.without("signature")), bytes)) {
            throw new MalformedException(
                    "manifest/signature-wrong", "the signature does not fit the manifest's canonical form");
        }
    }
}
