package org.tallystick.platform.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.api.dispatch.Action;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Idempotency;
import org.tallystick.platform.api.dispatch.KeyDoor;
import org.tallystick.platform.api.dispatch.Limits;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Bearer;
import org.tallystick.platform.party.KeyCheck;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.party.Shown;
import org.tallystick.platform.party.SignedRequests;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;

/**
 * The real server with real sockets and the real dispatcher, whose actions a test gives, so that it may choose the limits and
 * say when an action is done. An API key is a role and a name, as {@code buyer-dan}.
 */
final class BareServer implements AutoCloseable {
    private final ApiServer server;
    private final Idempotency idempotency;

    private BareServer(ApiServer server, Idempotency idempotency) {
        this.server = server;
        this.idempotency = idempotency;
    }

    /** @param actions for some operations; all others answer 200 at once, after their body is read */
    static BareServer start(
            Path data, Database database, InstantSource clock, Limits limits, Map<String, Action> actions) {
        Map<String, Action> all = new HashMap<>();
        Policy.endpoints().forEach((operation, endpoint) -> all.put(operation, call -> Answer.ok(done(operation))));
        all.putAll(actions);
        Idempotency idempotency = new Idempotency(database, limits);
        KeyDoor keys = new KeyDoor(BareServer::check, (kind, party, about, address) -> {}, clock);
        DidKey platform = new DidKey(Ed25519.signer(new byte[32]).publicKey());
        SignedRequests requests = new SignedRequests(database, platform, Ed25519.verifier(), clock);
        ApiConfig config = new ApiConfig("127.0.0.1", 0, data.resolve("tmp"), limits);
        return new BareServer(ApiServer.start(config, clock, keys, requests, idempotency, all), idempotency);
    }

    static Json.Obj done(String operation) {
        return Json.object().put("done", operation).build();
    }

    /** Every key is good: it says whose it is, {@code buyer-b1}. */
    private static KeyCheck check(String key) {
        int dash = key.indexOf('-');
        Principal who = new Principal(new PartyId(key.substring(dash + 1)), Role.parse(key.substring(0, dash)));
        return new KeyCheck.Good(new Bearer(who, Shown.OWN, Optional.of("0000000000000000")));
    }

    URI uri() {
        return server.uri();
    }

    Idempotency idempotency() {
        return idempotency;
    }

    /** A whole request, whose connection closes after the answer. */
    static String request(String method, String path, String key, Map<String, String> headers, String body) {
        StringBuilder text = new StringBuilder(head(method, path, key, headers));
        if (!body.isEmpty()) {
            text.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n");
        }
        return text.append("Connection: close\r\n\r\n").append(body).toString();
    }

    /** The beginning of a request, to which further headers may be added. */
    static String head(String method, String path, String key, Map<String, String> headers) {
        StringBuilder text = new StringBuilder(
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.toString();
    }

    RawHttp.Reply get(String path, String key) throws java.io.IOException {
        return RawHttp.exchange(uri(), request("GET", path, key, Map.of(), ""));
    }

    RawHttp.Reply post(String path, String key, Map<String, String> headers, String body) throws java.io.IOException {
        return RawHttp.exchange(uri(), request("POST", path, key, headers, body));
    }

    @Override
    public void close() {
        server.close();
    }
}
