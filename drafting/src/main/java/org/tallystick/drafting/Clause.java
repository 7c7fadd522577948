package org.tallystick.drafting;

import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.terms.Term;

/**
 * A term as a person reads it, beside its meaning to machines: the value itself, what enforces it and which duties it
 * makes. One of the last two is never empty.
 *
 * @param id stable name, such as {@code audit}
 * @param sentences plain English, no markup
 */
public record Clause(
        String id, String title, Term term, List<String> sentences, List<Enforcement> enforcement, List<Duty> duties) {
    public Clause {
        Objects.requireNonNull(id);
        Objects.requireNonNull(title);
        Objects.requireNonNull(term);
        sentences = List.copyOf(sentences);
        enforcement = List.copyOf(enforcement);
        duties = List.copyOf(duties);
        if (sentences.isEmpty() || (enforcement.isEmpty() && duties.isEmpty())) {
            throw new IllegalStateException("clause " + id + " is decorative");
        }
    }
}
