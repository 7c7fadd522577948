package org.tallystick.drafting;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A question whose answer a template needs.
 *
 * @param name of the option or member with the answer
 * @param ask the question as it is put to a person
 * @param kind what kind of value the answer is
 * @param standard the answer where none is given; if empty, the question must be answered
 */
public record Question(String name, String ask, Kind kind, Optional<String> standard) {
    /** What an answer is. */
    public enum Kind {
        PARTY,
        ID,
        HASH,
        CURRENCY,
        AMOUNT,
        SHARE,
        COUNT,
        PERIOD,
        PLACES,
        NAMES,
        LINE,
        DATE,
        SPLITS;

        /** As help shows it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Question {
        Objects.requireNonNull(name);
        Objects.requireNonNull(ask);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(standard);
    }

    static Question needed(String name, Kind kind, String ask) {
        return new Question(name, ask, kind, Optional.empty());
    }

    static Question of(String name, Kind kind, String standard, String ask) {
        return new Question(name, ask, kind, Optional.of(standard));
    }
}
