package org.tallystick.drafting;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.Term;

/**
 * Something in a contract that usually hurts someone.
 *
 * @param code stable slug
 * @param clause id of the clause it is about
 * @param why one or two sentences for a person
 * @param hurts whom
 * @param mend the term that would mend it, where one term does
 */
public record Flag(String code, Severity severity, String clause, String why, Hurts hurts, Optional<Term> mend) {
    /** How serious it is. */
    public enum Severity {
        HIGH,
        MEDIUM,
        LOW
    }

    /** Which side it hurts. */
    public enum Hurts {
        CREATORS("creators"),
        BUYER("the buyer"),
        BOTH("both sides");

        private final String words;

        Hurts(String words) {
            this.words = words;
        }

        /** As it stands in a sentence. */
        public String words() {
            return words;
        }
    }

    public Flag {
        Objects.requireNonNull(code);
        Objects.requireNonNull(severity);
        Objects.requireNonNull(clause);
        Objects.requireNonNull(why);
        Objects.requireNonNull(hurts);
        Objects.requireNonNull(mend);
    }

    /** The mending clause in words; empty where no single clause mends it. */
    public List<String> mending() {
        return mend.map(term -> Clauses.of(term).sentences()).orElse(List.of());
    }

    /** As an answer shows it. */
    public Json.Obj json() {
        Json.Builder out = Json.object()
                .put("code", code)
                .put("severity", severity.name().toLowerCase(java.util.Locale.ROOT))
                .put("clause", clause)
                .put("why", why)
                .put("hurts", hurts.name().toLowerCase(java.util.Locale.ROOT));
        if (mend.isPresent()) {
            out.put("mend", Json.strings(mending()));
        }
        return out.build();
    }
}
