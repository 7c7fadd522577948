package org.tallystick.drafting;

import java.util.Objects;

/**
 * Something that a party must do and no program does for it.
 *
 * @param id stable within a contract: clause and a word, such as {@code reporting/revenue}
 * @param owner who must do it
 * @param what the predicate of a sentence whose subject is the owner
 * @param due when
 */
public record Duty(String id, Owner owner, String what, Due due) {
    public Duty {
        Objects.requireNonNull(id);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(what);
        Objects.requireNonNull(due);
    }

    /** The whole sentence. */
    public String sentence() {
        String subject = owner.words();
        return Character.toUpperCase(subject.charAt(0)) + subject.substring(1) + " " + what + ", " + due.words() + ".";
    }
}
