package org.tallystick.drafting;

import java.util.List;
import org.tallystick.protocol.terms.CareTerm;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.PayTerm;
import org.tallystick.protocol.terms.RiskTerm;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.UseTerm;

/**
 * The clause library: for every kind of term its words in plain English, what enforces it, and the duties it makes, in
 * one place. Whoever adds a kind of term is stopped by the compiler until it has a clause here.
 */
public final class Clauses {
    /**
     * The version of the words. They are signed by their hash, so any change of them is a new version; the one before is
     * then kept for the contracts that were signed with it.
     */
    public static final String LIBRARY = "tallystick-clauses-1";

    private Clauses() {}

    /** The clauses of a contract, in the order of its terms. */
    public static List<Clause> of(ContractTerms terms) {
        return terms.all().stream().map(Clauses::of).toList();
    }

    /** The clause of one term. */
    public static Clause of(Term term) {
        return switch (term) {
            case UseTerm use -> UseClauses.of(use);
            case PayTerm pay -> PayClauses.of(pay);
            case CareTerm care -> CareClauses.of(care);
            case RiskTerm risk -> RiskClauses.of(risk);
        };
    }
}
