package org.tallystick.drafting;

import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.terms.Term;

/**
 * A term as a person reads it, together with what keeps it: the programs that enforce it and the duties of the parties.
 * At least one of the two is not empty.
 *
 * @param id stable name, such as {@code audit}
 * @param title heading
 * @param term the value itself
 * @param sentences plain English, without markup
 * @param enforcement what programs do
 * @param duties what parties must do
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
