package org.tallystick.platform.party;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Ed25519Keys;

/**
 * A party to register.
 *
 * @param id chosen by whoever registers; not {@code creators}, which means every creator in a split, nor one that names
 *     an edge
 * @param role any but {@link Role#EDGE}
 * @param displayName what people call it, 1 to {@value #MAX_NAME} characters without control characters; personal, never
 *     in the log
 * @param key verifies what the party signs
 */
public record NewParty(PartyId id, Role role, String displayName, DidKey key) {
    /** Longest display name, in UTF-16 units. */
    public static final int MAX_NAME = 200;

    private static final Set<String> RESERVED = Set.of("creators");
    private static final Pattern EDGE_ID = Pattern.compile("edge-\\d+");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+");

    /** @throws RefusedException {@code party/reserved-id}, {@code party/role}, {@code party/display-name}, {@code party/key} */
    public NewParty {
        Objects.requireNonNull(id);
        Objects.requireNonNull(role);
        if (RESERVED.contains(id.value()) || EDGE_ID.matcher(id.value()).matches()) {
            throw Problem.invalid("party/reserved-id", "Reserved party id", id + " has a meaning of its own")
                    .asException();
        }
        if (role == Role.EDGE) {
            throw Problem.invalid("party/role", "Not a role to register with", "an edge is registered as an edge")
                    .asException();
        }
        checkedName(displayName);
        if (!Ed25519Keys.isUsable(key.publicKey())) {
            throw Problem.invalid("party/key", "Unusable key", "this key would bind nobody: it is of small order")
                    .asException();
        }
    }

    /** @throws RefusedException {@code party/display-name} where people could not be shown this name */
    static String checkedName(String displayName) {
        if (displayName.isBlank()
                || displayName.length() > MAX_NAME
                || !NAME.matcher(displayName).matches()) {
            throw Problem.invalid(
                            "party/display-name",
                            "Unusable display name",
                            "a display name has 1 to " + MAX_NAME
                                    + " characters, not all of them spaces and none of them a control character")
                    .asException();
        }
        return displayName;
    }
}
