package org.tallystick.protocol.contract;

import org.tallystick.protocol.CareTerm;
import org.tallystick.protocol.PayTerm;
import org.tallystick.protocol.RiskTerm;
import org.tallystick.protocol.Term;
import org.tallystick.protocol.UseTerm;

/** The eight levers parties negotiate over. */
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

    /** The lever a kind of term is moved by. */
    public static Lever of(Term term) {
        return switch (term) {
            case UseTerm.Grant ignored -> SCOPE;
            case UseTerm.Regions ignored -> SCOPE;
            case UseTerm.Duration ignored -> SCOPE;
            case UseTerm.Renewal ignored -> SCOPE;
            case UseTerm.Sublicensing ignored -> SCOPE;
            case UseTerm.Forbidden ignored -> PURPOSE;
            case UseTerm.Derivatives ignored -> PURPOSE;
            case UseTerm.Exposure ignored -> PURPOSE;
            case UseTerm.Exclusivity ignored -> EXCLUSIVITY;
            case PayTerm ignored -> COMPENSATION;
            case CareTerm.Attribution ignored -> ATTRIBUTION;
            case CareTerm.Reporting ignored -> AUDIT;
            case CareTerm.Audit ignored -> AUDIT;
            case CareTerm.OutputReview ignored -> AUDIT;
            case CareTerm.Security ignored -> AUDIT;
            case CareTerm.Retention ignored -> RETENTION;
            case CareTerm.Deletion ignored -> RETENTION;
            case CareTerm.Privacy ignored -> RETENTION;
            case RiskTerm ignored -> LIABILITY;
        };
    }
}
