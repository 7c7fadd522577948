package org.tallystick.sdk;

import java.util.List;
import java.util.Map;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.Signer;

/**
 * Who is registered, with which API keys, and what happened to those: what operators do, and what a party does with an API key.
 * What a party does with its signing key is in {@link PartyKeys}. Safe from any thread.
 */
public final class Registry {
    private final TallystickClient client;

    Registry(TallystickClient client) {
        this.client = client;
    }

    /** Registers a party that has shown that its key is its own (operator). */
    public Party register(Registration registration) {
        return client.rest.post("/parties", registration.json(), Party::of);
    }

    /** Registers a party whose signing key is at hand (operator). */
    public Party register(String id, Role role, String displayName, Signer key) {
        return register(
                Registration.sign(id, role, displayName, key, client.keys().platform(), client.clock.instant()));
    }

    /** Issues an API key for a party that signs nothing: an edge, an auditor, an operator. The answer is the key, shown once. */
    public String issueKey(String party) {
        return client.rest.post(
                "/parties/" + Rest.segment(party) + "/keys", Json.object().build(), fields -> fields.text("api_key"));
    }

    /** A party's API keys, those that ended among them; their party and operators see them. */
    public List<KeyInfo> keys(String party) {
        return client.rest.get(
                "/parties/" + Rest.segment(party) + "/keys",
                page -> page.objects("items").stream().map(KeyInfo::of).toList());
    }

    /** Makes an API key worthless at once: an operator anybody's, a party the one it shows; another by {@link PartyKeys}. */
    public KeyInfo revokeKey(String party, String keyId) {
        return client.rest.post(
                "/parties/" + Rest.segment(party) + "/keys/" + Rest.segment(keyId) + "/revoke", KeyInfo::of);
    }

    /**
     * What happened at the door and to keys, the newest first (operator).
     *
     * @param filter {@code kind}, {@code party}, {@code limit}, {@code cursor}; each optional
     */
    public PageOf<SecurityEvent> securityEvents(Map<String, String> filter) {
        return client.rest.get("/security/events" + Rest.query(filter), page -> PageOf.of(page, SecurityEvent::of));
    }
}
