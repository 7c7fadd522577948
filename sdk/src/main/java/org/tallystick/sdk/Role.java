package org.tallystick.sdk;

import java.util.Locale;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/** The roles a party can have. */
public enum Role {
    OPERATOR,
    CREATOR,
    CURATOR,
    BUYER,
    AUDITOR,
    EDGE;

    /** The word used in documents. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Role ofWord(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new MalformedException("party/unknown-role", Fields.shown(word) + " is not a role");
    }
}
