package org.tallystick.protocol.terms;

import java.util.Objects;

/**
 * One thing a verification found wrong, so that all of them can be told at once instead of the first only.
 *
 * @param reason stable slug, for example {@code contract/signature-missing}
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
