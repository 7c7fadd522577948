package org.tallystick.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.KeyHandover;
import org.tallystick.protocol.sign.KeyPossession;
import org.tallystick.protocol.sign.SignedRequest;
import org.tallystick.protocol.sign.Signer;

/**
 * What a party does with its registered signing key instead of an API key: it asks for API keys, lists and ends them, and hands
 * over to another signing key. So a lost or stolen API key is no reason to ask anybody for help. Safe from any thread.
 *
 * <pre>{@code
 * String key = new PartyKeys(client, "buyer-7", signer).create();
 * }</pre>
 */
public final class PartyKeys {
    private final TallystickClient client;
    private final String party;
    private final Signer key;
    private final Optional<DidKey> pinned;

    /** Keys of a party; the platform's own key is taken as the platform states it at {@code /keys}. */
    public PartyKeys(TallystickClient client, String party, Signer key) {
        this(client, party, key, Optional.empty());
    }

    /** @param platform the platform's public key; empty to take it as the platform states it */
    public PartyKeys(TallystickClient client, String party, Signer key, Optional<DidKey> platform) {
        this.client = client;
        this.party = party;
        this.key = key;
        this.pinned = platform;
    }

    /**
     * What to ask for.
     *
     * @param name what to call the key
     * @param life how long it is good; without one until it is revoked
     * @param replaces id of the key that ends with this
     */
    public record Wish(Optional<String> name, Optional<Duration> life, Optional<String> replaces) {
        /** A key without a name and an end. */
        public static final Wish PLAIN = new Wish(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A new API key; the answer is its text, which was made here and is kept nowhere else. */
    public String create() {
        return create(Wish.PLAIN);
    }

    /** A new API key. */
    public String create(Wish wish) {
        ApiKey.Fresh fresh = ApiKey.generate();
        Json.Builder body = Json.object()
                .put("id", fresh.key().id())
                .put("secret_hash", fresh.key().secretHash().hex())
                .putIfPresent("name", wish.name())
                .putIfPresent("replaces", wish.replaces());
        wish.life().ifPresent(life -> body.put("expires", client.clock.instant().plus(life)));
        send("POST", path("/keys"), Optional.of(body.build()));
        return fresh.text();
    }

    /** All API keys of the party. */
    public List<KeyInfo> list() {
        return client.rest.signed(
                "GET",
                path("/keys"),
                Optional.empty(),
                this::sign,
                page -> page.objects("items").stream().map(KeyInfo::of).toList());
    }

    /** Makes an API key of the party worthless at once. */
    public void revoke(String keyId) {
        send("POST", path("/keys/" + Rest.segment(keyId) + "/revoke"), Optional.empty());
    }

    /**
     * Hands over to another signing key. All API keys of the party end; ask for others with the new key.
     *
     * @return what does the same with the new key
     */
    public PartyKeys changeTo(Signer next) {
        DidKey did = new DidKey(next.publicKey());
        Role role = client.rest.signed(
                "GET",
                path(""),
                Optional.empty(),
                this::sign,
                fields -> Party.of(fields).role());
        Json.Obj body = Json.object()
                .put("key", did.toString())
                .put("handover", Base64Url.encode(key.sign(KeyHandover.message(party, did))))
                .put("possession", new KeyPossession(platform(), party, role.word(), client.clock.instant()).sign(next))
                .build();
        PartyKeys after = new PartyKeys(client, party, next, pinned);
        try {
            send("POST", path("/signing-key"), Optional.of(body));
        } catch (ProblemException e) {
            if (!e.type().equals("auth/request-not-valid")) {
                throw e;
            }
            after.list(); // done by a try whose answer was lost, or else refused here too
        }
        return after;
    }

    private String path(String more) {
        return "/parties/" + Rest.segment(party) + more;
    }

    private void send(String method, String target, Optional<Json.Obj> body) {
        client.rest.signed(method, target, body, this::sign, fields -> fields.object());
    }

    private DidKey platform() {
        return pinned.orElseGet(() -> client.keys().platform());
    }

    private String sign(String method, String target, byte[] body) {
        SignedRequest request = SignedRequest.of(party, platform(), method, target, body, client.clock.instant());
        return SignedRequest.SCHEME + " " + request.sign(key);
    }
}
