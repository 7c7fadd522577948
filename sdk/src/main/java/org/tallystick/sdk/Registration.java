package org.tallystick.sdk;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.KeyPossession;
import org.tallystick.protocol.sign.Signer;

/**
 * What a party hands to an operator to be registered: who it wants to be, its public key, and the key's signature that shows
 * that it has it. Holds no secret, is good for that platform and seven days.
 *
 * @param id chosen by the party
 * @param key verifies what the party will sign
 * @param possession a compact JWS, see {@link KeyPossession}
 */
public record Registration(String id, Role role, String displayName, DidKey key, String possession) {
    public Registration {
        Objects.requireNonNull(id);
        Objects.requireNonNull(role);
        Objects.requireNonNull(displayName);
        Objects.requireNonNull(key);
        Objects.requireNonNull(possession);
    }

    /**
     * Signs a registration.
     *
     * @param platform the platform's public key, which its operator publishes
     */
    public static Registration sign(
            String id, Role role, String displayName, Signer key, DidKey platform, Instant now) {
        String possession = new KeyPossession(platform, id, role.word(), now).sign(key);
        return new Registration(id, role, displayName, new DidKey(key.publicKey()), possession);
    }

    public Json.Obj json() {
        return Json.object()
                .put("id", id)
                .put("role", role.word())
                .put("display_name", displayName)
                .put("key", key.toString())
                .put("possession", possession)
                .build();
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws org.tallystick.protocol.codec.MalformedException for anything else
     */
    public static Registration of(Json.Obj json) {
        Fields fields = Fields.of(json, "registration");
        Registration registration = new Registration(
                fields.text("id"),
                Role.ofWord(fields.text("role")),
                fields.text("display_name"),
                DidKey.parse(fields.text("key")),
                fields.text("possession"));
        fields.noOthers();
        return registration;
    }
}
