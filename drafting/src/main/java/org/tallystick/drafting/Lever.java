package org.tallystick.drafting;

import org.tallystick.protocol.terms.CareTerm;
import org.tallystick.protocol.terms.PayTerm;
import org.tallystick.protocol.terms.RiskTerm;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.UseTerm;

/** The eight subjects that parties negotiate about. */
public enum Lever {
    SCOPE("scope"),
    PURPOSE("purpose"),
    COMPENSATION("compensation"),
    EXCLUSIVITY("exclusivity"),
    ATTRIBUTION("attribution"),
    AUDIT("audit"),
    RETENTION("retention and deletion"),
    LIABILITY("indemnity and liability");

    private final String words;

    Lever(String words) {
        this.words = words;
    }

    /** As a person reads it. */
    public String words() {
        return words;
    }

    /** The subject that a kind of term belongs to. */
    public static Lever of(Term term) {
        return switch (term) {
            case UseTerm.Grant _,
                    UseTerm.Regions _,
                    UseTerm.Proof _,
                    UseTerm.Duration _,
                    UseTerm.Renewal _,
                    UseTerm.Sublicensing _ -> SCOPE;
            case UseTerm.Forbidden _, UseTerm.Derivatives _, UseTerm.Exposure _ -> PURPOSE;
            case UseTerm.Exclusivity _ -> EXCLUSIVITY;
            case PayTerm _ -> COMPENSATION;
            case CareTerm.Attribution _ -> ATTRIBUTION;
            case CareTerm.Reporting _,
                    CareTerm.Audit _,
                    CareTerm.OutputReview _,
                    CareTerm.Surplus _,
                    CareTerm.Security _ -> AUDIT;
            case CareTerm.Retention _, CareTerm.Deletion _, CareTerm.Privacy _ -> RETENTION;
            case RiskTerm _ -> LIABILITY;
        };
    }
}
