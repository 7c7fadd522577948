package org.tallystick.drafting;

import java.util.Objects;

/**
 * How a program keeps a term.
 *
 * @param how the predicate of a sentence whose subject is the enforcer
 */
public record Enforcement(Enforcer by, String how) {
    public Enforcement {
        Objects.requireNonNull(by);
        Objects.requireNonNull(how);
    }
}
