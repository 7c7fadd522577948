package org.tallystick.protocol.sign;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * A JSON Web Signature without its payload, which the reader has already (RFC 7515, appendix F): header, an empty part,
 * signature. Also accepts headers with {@code "b64": false} (RFC 7797). A header with a member that is not understood
 * is refused. The header must not carry the public key; it names the key, by {@code did:key} or {@code did:web}.
 *
 * @param key the key, if the header names it by {@code did:key}
 * @param web the key's name, if it is a {@code did:web}; exactly one of {@code key} and {@code web} is present
 * @param encoded whether the signature covers the payload as base64url ({@code true}) or as raw bytes
 * @param header the first part as it was signed, in base64url
 * @param signature 64 bytes
 */
public record DetachedJws(
        Optional<DidKey> key, Optional<DidWeb> web, boolean encoded, String header, byte[] signature) {
    static final String TYPE = "tallystick-contract";

    /** Longest compact form, in characters. */
    static final int MAX_LENGTH = 2_048;

    private static final String MALFORMED = "jws/malformed";
    private static final String B64 = "b64";
    private static final Set<String> TYPES = Set.of(TYPE, "JOSE");

    public DetachedJws {
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /**
     * Signs a payload and gives the compact form. The payload is signed as base64url, which every JOSE library can
     * check.
     *
     * @param name the key as the header names it: a {@code did:key}, or a {@code did:web} with a fragment
     */
    public static String sign(String name, byte[] payload, Signer signer) {
        Json.Obj header = Json.object()
                .put("alg", "EdDSA")
                .put("kid", name)
                .put("typ", TYPE)
                .build();
        String text = Base64Url.encode(Jcs.bytes(header));
        byte[] signature = signer.sign(message(text, true, payload));
        return text + ".." + Base64Url.encode(signature);
    }

    /**
     * Takes a compact form apart. Does not check the signature.
     *
     * @throws MalformedException {@code jws/…}, {@code did-key/…} or {@code did-web/…}
     */
    public static DetachedJws parse(String compact) {
        if (compact.length() > MAX_LENGTH) {
            throw new MalformedException("jws/too-long", "a signature of " + compact.length() + " characters");
        }
        List<String> parts = List.of(compact.split("\\.", -1));
        if (parts.size() != 3) {
            throw new MalformedException(MALFORMED, "a compact signature has three dotted parts");
        }
        if (!parts.get(1).isEmpty()) {
            throw new MalformedException(
                    "jws/not-detached", "the payload is the contract itself and must not stand here");
        }
        byte[] signature = Base64Url.decode(parts.get(2), MALFORMED);
        if (signature.length != Ed25519Keys.SIGNATURE_BYTES) {
            throw new MalformedException(MALFORMED, "an Ed25519 signature has 64 bytes");
        }
        return read(parts.get(0), signature);
    }

    private static DetachedJws read(String text, byte[] signature) {
        Fields header = Fields.of(Json.parseObject(Base64Url.decode(text, MALFORMED)), "jws.header");
        if (!header.text("alg").equals("EdDSA")) {
            throw new MalformedException(
                    "jws/algorithm", "algorithm " + Fields.shown(header.text("alg")) + " is not EdDSA");
        }
        header.optionalText("typ").filter(type -> !TYPES.contains(type)).ifPresent(type -> {
            throw new MalformedException(
                    "jws/wrong-type", "this is signed as " + Fields.shown(type) + ", not as " + TYPE);
        });
        boolean encoded = header.optionalBool(B64).orElse(true);
        List<String> critical = header.strings("crit");
        if (header.optional("crit").isPresent() != header.optional(B64).isPresent()
                || (header.optional("crit").isPresent() && !critical.equals(List.of(B64)))) {
            throw new MalformedException("jws/critical", "crit lists b64, which it must, and nothing else");
        }
        String name = header.text("kid");
        header.noOthers();
        return name.startsWith("did:web:")
                ? new DetachedJws(Optional.empty(), Optional.of(DidWeb.parse(name)), encoded, text, signature)
                : new DetachedJws(Optional.of(key(name)), Optional.empty(), encoded, text, signature);
    }

    /**
     * The key of a {@code did:key}, with or without a fragment. A fragment must repeat the key, as in {@code
     * did:key:z6Mk…#z6Mk…}.
     */
    private static DidKey key(String name) {
        int hash = name.indexOf('#');
        String did = hash < 0 ? name : name.substring(0, hash);
        DidKey key = DidKey.parse(did);
        if (hash >= 0 && !did.equals("did:key:" + name.substring(hash + 1))) {
            throw new MalformedException("did-key/malformed", Fields.shown(name) + " names no key of that did:key");
        }
        return key;
    }

    /** The bytes the signature covers: header, dot, and the payload as {@link #encoded} says. */
    public byte[] message(byte[] payload) {
        return message(header, encoded, payload);
    }

    private static byte[] message(String header, boolean encoded, byte[] payload) {
        byte[] signed = encoded ? Base64Url.encode(payload).getBytes(StandardCharsets.US_ASCII) : payload;
        ByteArrayOutputStream out = new ByteArrayOutputStream(header.length() + 1 + signed.length);
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        out.write('.');
        out.writeBytes(signed);
        return out.toByteArray();
    }
}
