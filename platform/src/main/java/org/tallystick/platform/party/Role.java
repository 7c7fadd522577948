package org.tallystick.platform.party;

import java.util.Locale;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/** What a party is here for; each has exactly one, because what it may see follows from it. */
public enum Role {
    /** Makes works and is paid for their use. */
    CREATOR,
    /** Puts works together into datasets. */
    CURATOR,
    /** Trains on works and pays. */
    BUYER,
    /** Reads everything, changes nothing. */
    AUDITOR,
    /** Runs the platform. */
    OPERATOR,
    /** A delivery node; registered by the delivery room only. */
    EDGE;

    /**
     * Whether what a party of this role does moves usage, money or consent in its own name, so that it signs for itself and
     * nobody else makes its API keys.
     */
    public boolean signs() {
        return this == CREATOR || this == CURATOR || this == BUYER;
    }

    /** The role's name in documents: {@code creator}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws RefusedException {@code party/unknown-role} */
    public static Role parse(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        throw Problem.invalid(
                        "party/unknown-role", "Unknown role", "a role is creator, curator, buyer, auditor or operator")
                .asException();
    }
}
