package org.tallystick.protocol.sign;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * One HTTP request that a party signs with its registered key, in place of an API key: to get one, to end one, to hand over to
 * another signing key. Bound to the platform, to method, target and body, and to a few minutes; the nonce lets a platform take
 * it once. A {@link Jws} of type {@link #TYPE} in the header {@code Authorization: }{@value #SCHEME}{@code  <JWS>}.
 *
 * @param platform the platform's public key
 * @param method in capitals
 * @param target path and query as they stand in the request line
 * @param body SHA-256 of the body's bytes, which may be none
 * @param time when it was signed, by the signer's clock
 * @param nonce 22 characters of base64url, never used twice
 */
public record SignedRequest(
        String party, DidKey platform, String method, String target, Hash body, Instant time, String nonce) {
    /** The {@code typ} of a signed request. */
    public static final String TYPE = "tallystick-request+jws";

    /** The scheme of the header {@code Authorization}. */
    public static final String SCHEME = "Tallystick-Signed";

    /** How old a request may be. */
    public static final Duration VALID = Duration.ofMinutes(5);

    /** Longest compact form accepted, in characters. */
    public static final int MAX_LENGTH = 4_096;

    private static final int MAX_METHOD = 16;
    private static final int MAX_TARGET = 1_024;
    private static final int NONCE_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @throws MalformedException {@code request/…} */
    public SignedRequest {
        Identifiers.check(party, "request/party", "party");
        Objects.requireNonNull(platform);
        Objects.requireNonNull(body);
        Objects.requireNonNull(time);
        if (method.isEmpty()
                || method.length() > MAX_METHOD
                || !target.startsWith("/")
                || target.length() > MAX_TARGET) {
            throw new MalformedException("request/target", "method and target are those of no request here");
        }
        if (Base64Url.decode(nonce, "request/nonce").length != NONCE_BYTES) {
            throw new MalformedException("request/nonce", "a nonce has " + NONCE_BYTES + " bytes");
        }
    }

    /** A request about to be made, with a nonce of its own. */
    public static SignedRequest of(
            String party, DidKey platform, String method, String target, byte[] body, Instant now) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return new SignedRequest(party, platform, method, target, Sha256.hash(body), now, Base64Url.encode(nonce));
    }

    /** The compact form, which stands in the header after {@link #SCHEME} and a space. */
    public String sign(Signer key) {
        return Jws.sign(TYPE, payload(), key).compact();
    }

    private Json.Obj payload() {
        return Json.object()
                .put("body", body.hex())
                .put("method", method)
                .put("nonce", nonce)
                .put("party", party)
                .put("platform", platform.toString())
                .put("target", target)
                .put("time", time)
                .build();
    }

    /**
     * Reads a request without checking its signature, to learn whose key is to be asked for.
     *
     * @throws MalformedException {@code jws/…}, {@code request/…} or {@code json/…}
     */
    public static SignedRequest parse(String compact) {
        return ofPayload(jws(compact).payload());
    }

    /**
     * Reads a request that a key has signed.
     *
     * @throws MalformedException {@code jws/…}, {@code request/…} or {@code json/…}
     */
    public static SignedRequest verify(String compact, DidKey key, Verifier verifier) {
        return ofPayload(jws(compact).verify(TYPE, key, verifier));
    }

    private static Jws jws(String compact) {
        if (compact.length() > MAX_LENGTH) {
            throw new MalformedException("jws/too-long", "a signed request has at most " + MAX_LENGTH + " characters");
        }
        return Jws.parse(compact);
    }

    private static SignedRequest ofPayload(Json.Obj payload) {
        Fields fields = Fields.of(payload, "request");
        SignedRequest request = new SignedRequest(
                fields.text("party"),
                DidKey.parse(fields.text("platform")),
                fields.text("method"),
                fields.text("target"),
                Hash.ofHex(fields.text("body")),
                fields.instant("time"),
                fields.text("nonce"));
        fields.noOthers();
        return request;
    }
}
