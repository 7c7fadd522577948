package org.tallystick.platform.party;

import java.time.Instant;
import java.util.Optional;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.ApiKey;

/**
 * What somebody asks for who wants an API key.
 *
 * @param key id and hash of a key that the asker has made; empty where the platform is to make one
 * @param name what to call it, 1 to {@value #MAX_NAME} printable characters
 * @param expires first moment at which it is worth nothing
 * @param replaces id of the key that ends with this
 */
public record KeyWish(
        Optional<ApiKey> key, Optional<String> name, Optional<Instant> expires, Optional<String> replaces) {
    /** Longest name, in UTF-16 units. */
    public static final int MAX_NAME = 64;

    /** A key without a name and without an end, made by the platform. */
    static final KeyWish PLAIN = new KeyWish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws RefusedException {@code key/name} */
    public KeyWish {
        name.ifPresent(text -> {
            if (text.isBlank()
                    || text.length() > MAX_NAME
                    || !DisplayText.of(text).equals(text)) {
                throw Problem.invalid(
                                "key/name",
                                "Unusable name",
                                "a key's name has 1 to " + MAX_NAME + " printable characters, not all of them spaces")
                        .asException();
            }
        });
        replaces.ifPresent(ApiKey::checkId);
    }

    /**
     * Reads the body of a request for a key.
     *
     * @throws org.tallystick.protocol.codec.MalformedException {@code api-key/…} or {@code json/…}
     */
    public static KeyWish read(Fields body) {
        Optional<ApiKey> key = body.optionalText("id").map(id -> new ApiKey(id, Hash.ofHex(body.text("secret_hash"))));
        KeyWish wish = new KeyWish(
                key, body.optionalText("name"), body.optionalInstant("expires"), body.optionalText("replaces"));
        body.noOthers();
        return wish;
    }

    static KeyWish read(byte[] body) {
        return read(Fields.strict(Json.parse(body), "key"));
    }
}
