package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.IsoCodes;

/** Who bears which loss when something goes wrong, how disputes are settled, and how the contract can be ended. */
public sealed interface RiskTerm extends Term {

    /**
     * The most that one side owes the other for damage. Liability is unlimited where both limits are empty.
     *
     * @param cap the limit as an amount
     * @param timesFees the limit as a multiple of the fees of the twelve months before, 0.1 to 100
     * @param carveOuts cases in which no limit applies
     */
    record Liability(Optional<Pricing.Price> cap, Optional<BigDecimal> timesFees, Set<CarveOut> carveOuts)
            implements RiskTerm {
        private static final BigDecimal LEAST = new BigDecimal("0.1");
        private static final BigDecimal MOST = BigDecimal.valueOf(100);

        public Liability {
            Objects.requireNonNull(cap);
            if (cap.isPresent() && timesFees.isPresent()) {
                throw Bounds.fault("liability", "", "is capped twice, by an amount and by fees");
            }
            timesFees = timesFees.map(times -> {
                if (times.compareTo(LEAST) < 0 || times.compareTo(MOST) > 0) {
                    throw Bounds.fault("liability", "timesFees", "is not between " + LEAST + " and " + MOST);
                }
                return Bounds.decimals(times, "liability", "timesFees");
            });
            carveOuts = Set.copyOf(carveOuts);
            if (cap.isEmpty() && timesFees.isEmpty() && !carveOuts.isEmpty()) {
                throw Bounds.fault("liability", "carveOuts", "are carved out of no cap");
            }
        }

        /** Whether there is no limit at all. */
        public boolean unlimited() {
            return cap.isEmpty() && timesFees.isEmpty();
        }
    }

    /** Cases in which no limit of liability applies. */
    enum CarveOut implements Worded {
        INTENT("intent"),
        CONFIDENTIALITY("confidentiality"),
        DATA_BREACH("data-breach"),
        USE_BEYOND_LICENCE("use-beyond-licence"),
        UNPAID_FEES("unpaid-fees");

        private final String word;

        CarveOut(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * What creators and curator warrant, and who compensates whom for claims of others.
     *
     * @param warranty how much they warrant
     * @param indemnifiers the sides that indemnify the other; empty for none
     * @param capped whether the limit of liability applies to indemnities too
     */
    record Indemnity(Warranty warranty, Set<Side> indemnifiers, boolean capped) implements RiskTerm {
        public Indemnity {
            Objects.requireNonNull(warranty);
            indemnifiers = indemnifiers.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(indemnifiers));
            if (capped && indemnifiers.isEmpty()) {
                throw Bounds.fault("indemnity", "capped", "caps what nobody gives");
            }
        }
    }

    /** How much creators and curator warrant. */
    enum Warranty implements Worded {
        /** Nothing. */
        NONE("none"),
        /** Each creator warrants that it made its works or may license them, and nothing about works of others. */
        OWN_CONTENT("own-content"),
        /** All warrant that nothing in the dataset infringes anybody's rights. */
        BROAD("broad");

        private final String word;

        Warranty(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /** The two sides of a contract. */
    enum Side implements Worded {
        /** Creators and curator, who give the licence. */
        LICENSOR("licensor"),
        BUYER("buyer");

        private final String word;

        Side(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * How a dispute is settled.
     *
     * @param answer how soon the other side must answer
     * @param forum who decides
     * @param law ISO 3166-1 alpha-2 code of the country whose law applies
     */
    record Disputes(Period answer, Forum forum, String law) implements RiskTerm {
        public Disputes {
            answer = Bounds.period(answer, 1, "disputes", "answer");
            Objects.requireNonNull(forum);
            if (!IsoCodes.COUNTRIES.contains(law)) {
                throw Bounds.fault("disputes", "law", Fields.shown(law) + " is not a two-letter country code");
            }
        }
    }

    /** Who decides a dispute. */
    enum Forum implements Worded {
        /** First an expert who recomputes the amounts from receipts and logs; after that a court. */
        TECHNICAL_ARBITRATION("technical-arbitration"),
        ARBITRATION("arbitration"),
        COURTS("courts");

        private final String word;

        Forum(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * How a party can end the contract early.
     *
     * @param notice time between giving notice without a reason and the end; empty where only a breach allows to end it
     * @param cure how much time a party in breach has to repair it
     */
    record Termination(Optional<Period> notice, Period cure) implements RiskTerm {
        public Termination {
            notice = notice.map(period -> Bounds.period(period, 10, "termination", "notice"));
            cure = Bounds.period(cure, 1, "termination", "cure");
        }
    }
}
