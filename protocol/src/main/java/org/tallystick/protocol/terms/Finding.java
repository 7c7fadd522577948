package org.tallystick.protocol.terms;

import java.util.Objects;

/**
 * One fault found by a verification. Verifications return a list of them, so that all faults are reported at once and
 * not only the first.
 *
 * @param reason stable words, for example {@code contract/signature-missing}
 * @param subject what it is about: a party id or a member's name
 * @param detail one sentence for a person
 */
public record Finding(String reason, String subject, String detail) {
    public Finding {
        Objects.requireNonNull(reason);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(detail);
    }

    @Override
    public String toString() {
        return reason + " (" + subject + "): " + detail;
    }
}
