package org.tallystick.sdk;

import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.sign.DidKey;

/**
 * A party as the registry knows it.
 *
 * @param displayName absent once personal data was erased
 * @param key the key its signatures are checked with; absent for an edge
 */
public record Party(String id, Role role, Optional<String> displayName, Optional<DidKey> key) {
    static Party of(Fields fields) {
        return new Party(
                fields.text("id"),
                Role.ofWord(fields.text("role")),
                fields.optionalText("display_name"),
                fields.optionalText("key").map(DidKey::parse));
    }
}
