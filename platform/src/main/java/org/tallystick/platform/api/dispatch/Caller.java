package org.tallystick.platform.api.dispatch;

import org.tallystick.platform.party.Role;

/** A column of the policy: the role of whoever calls, or none. */
public enum Caller {
    OPERATOR('o'),
    CREATOR('c'),
    CURATOR('k'),
    BUYER('b'),
    AUDITOR('a'),
    EDGE('e'),
    ANONYMOUS('-');

    private final char letter;

    Caller(char letter) {
        this.letter = letter;
    }

    /** What stands for it in the table. */
    char letter() {
        return letter;
    }

    /** The word used in the OpenAPI document. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Caller of(Role role) {
        return switch (role) {
            case OPERATOR -> OPERATOR;
            case CREATOR -> CREATOR;
            case CURATOR -> CURATOR;
            case BUYER -> BUYER;
            case AUDITOR -> AUDITOR;
            case EDGE -> EDGE;
        };
    }
}
