package org.tallystick.platform.party;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/**
 * What happened at the door or to a key; what is alike within an hour is one event with a count. Never holds a secret.
 *
 * @param id greater than that of every event that began before
 * @param party whom it concerns; empty where nobody is known
 * @param about the id of a key, or the operation that was asked for
 * @param address where it came from; empty where it came from the platform itself
 * @param times how often within the hour
 */
public record SecurityEvent(
        long id, Kind kind, String party, String about, String address, long times, Instant first, Instant last) {
    public SecurityEvent {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(first);
        Objects.requireNonNull(last);
    }

    /** The kinds of events. */
    public enum Kind {
        /** An API key that is nobody's; with a party where its key's id was shown beside a wrong secret. */
        WRONG_KEY,
        /** A revoked or expired API key was shown, with its right secret. */
        ENDED_KEY,
        /** A signed request that is not valid here: a wrong signature, another platform, another time, a repeat. */
        WRONG_REQUEST,
        /** An address showed so many wrong keys that it is told to wait. */
        ADDRESS_CLOSED,
        /** The policy refused somebody whose key is right. */
        POLICY_REFUSED,
        /** A key to be registered did not show that whoever brought it has it. */
        POSSESSION_REFUSED,
        PARTY_REGISTERED,
        KEY_MADE,
        KEY_REVOKED,
        /** A party's signing key gave way to another. */
        SIGNING_KEY_CHANGED;

        /** Whether somebody tried what it may not; else a key did what it is for. */
        boolean isSuspicious() {
            return compareTo(PARTY_REGISTERED) < 0;
        }

        /** The word in documents: {@code wrong-key}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws RefusedException {@code security/kind} */
        public static Kind ofWord(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            throw Problem.invalid("security/kind", "Unknown kind of event", "there is no kind of event of that name")
                    .asException();
        }
    }
}
