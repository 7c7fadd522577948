package org.tallystick.platform.party;

import java.time.Instant;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.KeyPossession;
import org.tallystick.protocol.sign.SignedRequest;
import org.tallystick.protocol.sign.Signer;

/** What a party does with its signing key, for tests without HTTP. */
public final class TestKeys {
    private TestKeys() {}

    /** An API key that a party asks for itself. */
    public static String own(Parties parties, PartyId party, Signer signer, DidKey platform, Instant now) {
        ApiKey.Fresh fresh = ApiKey.generate();
        byte[] body = body(fresh.key());
        SignedRequest request =
                SignedRequest.of(party.value(), platform, "POST", "/parties/" + party + "/keys", body, now);
        SignedRequests.Taken checked = parties.requests()
                .check(request.sign(signer), request.method(), request.target())
                .orThrow();
        parties.keys()
                .take(parties.requests().take(checked, Sha256.hash(body)).orThrow(), body)
                .orThrow();
        return fresh.text();
    }

    static byte[] body(ApiKey key) {
        return Jcs.bytes(Json.object()
                .put("id", key.id())
                .put("secret_hash", key.secretHash().hex())
                .build());
    }

    /** The proof of a key for a party of a role. */
    public static String possession(PartyId party, Role role, Signer key, DidKey platform, Instant now) {
        return new KeyPossession(platform, party.value(), role.text(), now).sign(key);
    }
}
