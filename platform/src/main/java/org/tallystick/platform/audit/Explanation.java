package org.tallystick.platform.audit;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.tallystick.platform.kernel.PartyId;

/**
 * What a number is made of and what it became part of.
 *
 * @param ref what was asked about
 * @param kind {@code receipt}, {@code usage}, {@code posting}, {@code statement}, {@code line} or {@code invoice}
 * @param text the chain in words, a sentence a line
 * @param madeOf refs to ask on with, towards receipts
 * @param partOf refs to ask on with, towards statements and postings
 * @param parties whom it is about: they, operators and auditors may see it
 */
public record Explanation(
        String ref, String kind, List<String> text, List<String> madeOf, List<String> partOf, Set<PartyId> parties) {
    public Explanation {
        Objects.requireNonNull(ref);
        Objects.requireNonNull(kind);
        text = List.copyOf(text);
        madeOf = List.copyOf(madeOf);
        partOf = List.copyOf(partOf);
        parties = Set.copyOf(parties);
    }
}
