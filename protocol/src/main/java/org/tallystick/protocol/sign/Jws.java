package org.tallystick.protocol.sign;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Compact JSON Web Signatures (RFC 7515) with EdDSA over Ed25519 (RFC 8037): the form of grants, certificates, upload
 * receipts and statements. Header and payload are canonical JSON. The header has exactly {@code alg}, {@code kid} (the
 * signer's did:key) and {@code typ}, and {@code typ} is checked, so that a document signed as one kind cannot be passed
 * off as another.
 *
 * @param type the {@code typ} of the header
 * @param key the key the header names; trustworthy only after {@link #verify}
 * @param payload the signed object
 * @param compact the three parts with dots between them
 */
public record Jws(String type, DidKey key, Json.Obj payload, String compact) {
    /** The longest compact form accepted, in characters. */
    static final int MAX_LENGTH = 1 << 20;

    /** Signs a payload. */
    public static Jws sign(String type, Json.Obj payload, Signer signer) {
        DidKey key = new DidKey(signer.publicKey());
        Json.Obj header = Json.object()
                .put("alg", "EdDSA")
                .put("kid", key.toString())
                .put("typ", type)
                .build();
        String signed = Base64Url.encode(Jcs.bytes(header)) + "." + Base64Url.encode(Jcs.bytes(payload));
        byte[] signature = signer.sign(signed.getBytes(StandardCharsets.US_ASCII));
        return new Jws(type, key, payload, signed + "." + Base64Url.encode(signature));
    }

    /**
     * Takes a compact form apart. Does not check the signature.
     *
     * @throws MalformedException {@code jws/…}
     */
    public static Jws parse(String compact) {
        if (compact.length() > MAX_LENGTH) {
            throw new MalformedException("jws/too-long", "a signature of " + compact.length() + " characters");
        }
        List<String> parts = List.of(compact.split("\\.", -1));
        if (parts.size() != 3) {
            throw new MalformedException("jws/malformed", "a compact signature has three dotted parts");
        }
        Fields header = Fields.of(Jcs.parseCanonical(Base64Url.decode(parts.get(0), "jws/malformed")), "jws.header");
        if (!header.text("alg").equals("EdDSA")) {
            throw new MalformedException(
                    "jws/algorithm", "algorithm " + Fields.shown(header.text("alg")) + " is not EdDSA");
        }
        DidKey key = DidKey.parse(header.text("kid"));
        String type = header.text("typ");
        header.noOthers();
        Json payload = Jcs.parseCanonical(Base64Url.decode(parts.get(1), "jws/malformed"));
        if (Base64Url.decode(parts.get(2), "jws/malformed").length != 64) {
            throw new MalformedException("jws/malformed", "an Ed25519 signature has 64 bytes");
        }
        return new Jws(type, key, Fields.of(payload, "jws.payload").object(), compact);
    }

    /**
     * Checks kind, signer and signature, and gives the payload.
     *
     * @throws MalformedException {@code jws/wrong-type}, {@code jws/wrong-key} or {@code jws/signature}
     */
    public Json.Obj verify(String expectedType, DidKey expectedKey, Verifier verifier) {
        if (!type.equals(expectedType)) {
            throw new MalformedException(
                    "jws/wrong-type", "this is signed as " + Fields.shown(type) + ", not as " + expectedType);
        }
        if (!key.equals(expectedKey)) {
            throw new MalformedException("jws/wrong-key", "signed by " + key + ", expected " + expectedKey);
        }
        int dot = compact.lastIndexOf('.');
        byte[] signature = Base64Url.decode(compact.substring(dot + 1), "jws/malformed");
        byte[] message = compact.substring(0, dot).getBytes(StandardCharsets.US_ASCII);
        if (!verifier.verify(key.publicKey(), message, signature)) {
            throw new MalformedException("jws/signature", "the signature does not fit what is signed");
        }
        return payload;
    }
}
