package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.IsoCodes;

/** Who bears what when things go wrong, and how the parties part. */
public sealed interface RiskTerm extends Term {

    /**
     * The most one side owes the other for damage.
     *
     * @param cap an amount; or empty
     * @param timesFees or a multiple of what was paid in the twelve months before, 0.1 to 100; or empty. With neither,
     *     liability is unlimited
     * @param carveOuts what no limit holds for
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

        /** Whether there is no limit. */
        public boolean unlimited() {
            return cap.isEmpty() && timesFees.isEmpty();
        }
    }

    /** What no cap on liability holds for. */
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
     * What creators and curator stand for, and who makes whom whole.
     *
     * @param warranty how much they warrant
     * @param indemnifiers who indemnifies the other side; empty for nobody
     * @param capped whether the cap on liability holds for indemnities too
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

    /** How much those who give the works warrant. */
    enum Warranty implements Worded {
        /** Nothing. */
        NONE("none"),
        /** Each creator, that it made its own works or may license them, and nothing about others'. */
        OWN_CONTENT("own-content"),
        /** That nothing in the dataset infringes anyone's rights. */
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
        /** Creators and curator. */
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
     * @param answer how soon the other side answers
     * @param forum who decides
     * @param law ISO 3166-1 alpha-2 code of the country whose law holds
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
        /** An expert who replays receipts and logs, first; then courts. */
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
     * How a party ends the contract before its time.
     *
     * @param notice for ending it without a reason; empty where only a breach allows it
     * @param cure how long a party in breach has to mend it
     */
    record Termination(Optional<Period> notice, Period cure) implements RiskTerm {
        public Termination {
            notice = notice.map(period -> Bounds.period(period, 10, "termination", "notice"));
            cure = Bounds.period(cure, 1, "termination", "cure");
        }
    }
}
