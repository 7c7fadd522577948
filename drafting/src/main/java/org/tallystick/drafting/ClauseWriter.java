package org.tallystick.drafting;

import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.terms.Term;

/** Builds one clause sentence by sentence. Not thread-safe. */
final class ClauseWriter {
    private final String id;
    private final String title;
    private final Term term;
    private final List<String> sentences = new ArrayList<>();
    private final List<Enforcement> enforcement = new ArrayList<>();
    private final List<Duty> duties = new ArrayList<>();

    ClauseWriter(String id, String title, Term term) {
        this.id = id;
        this.title = title;
        this.term = term;
    }

    ClauseWriter say(String sentence) {
        sentences.add(sentence);
        return this;
    }

    ClauseWriter sayIf(boolean holds, String sentence) {
        return holds ? say(sentence) : this;
    }

    ClauseWriter sayIf(Optional<String> sentence) {
        sentence.ifPresent(sentences::add);
        return this;
    }

    ClauseWriter keptBy(Enforcer by, String how) {
        enforcement.add(new Enforcement(by, how));
        return this;
    }

    ClauseWriter duty(String word, Owner owner, String what, Due due) {
        duties.add(new Duty(id + "/" + word, owner, what, due));
        return this;
    }

    /** Adds the duty to confirm once a year that a promise was kept, for promises that no program can check. */
    ClauseWriter confirmed(Owner owner) {
        return duty(
                "confirm",
                owner,
                "confirms in writing that this clause has been kept",
                new Due.Every(Period.ofYears(1), Period.ofDays(30), false));
    }

    Clause done() {
        return new Clause(id, title, term, sentences, enforcement, duties);
    }
}
