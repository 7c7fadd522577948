package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the buyer owes besides money: credit, deletion, audits, reports, privacy, security and the review of outputs.
 */
public sealed interface CareTerm extends Term {
    /** Longest period a duty may name, in years. */
    int MAX_YEARS = 10;

    /**
     * Credit to the creators.
     *
     * @param line the text of the credit
     * @param places where it must appear; at least one
     * @param within how soon after the release of a model it must appear
     */
    record Attribution(String line, Set<Place> places, Period within) implements CareTerm {
        public Attribution {
            Bounds.text(line, "attribution", "line");
            places = Set.copyOf(places);
            if (places.isEmpty()) {
                throw Bounds.fault("attribution", "places", "names no place");
            }
            within = Bounds.period(within, MAX_YEARS, "attribution", "within");
        }
    }

    /** Where the credit appears. */
    enum Place implements Worded {
        MODEL_CARD("model-card"),
        PRODUCT("product"),
        OUTPUT("output"),
        WEBSITE("website");

        private final String word;

        Place(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * How long copies may be kept, and how long models may be trained.
     *
     * @param copies how long after the contract's end copies may be kept
     * @param retraining how long after the contract's acceptance a model may be trained, for the first time or again
     */
    record Retention(Period copies, Period retraining) implements CareTerm {
        public Retention {
            copies = Bounds.period(copies, MAX_YEARS, "retention", "copies");
            retraining = Bounds.period(retraining, UseTerm.MAX_YEARS, "retention", "retraining");
        }
    }

    /**
     * What the buyer deletes and how it proves that.
     *
     * @param within how soon after the contract's end, or after a work is withdrawn, copies are deleted
     * @param certificate whether the buyer signs a certificate of deletion
     * @param remediation how soon the buyer says what it does about models trained on a withdrawn work; empty if not
     *     agreed
     */
    record Deletion(Period within, boolean certificate, Optional<Period> remediation) implements CareTerm {
        public Deletion {
            within = Bounds.period(within, MAX_YEARS, "deletion", "within");
            remediation = remediation.map(period -> Bounds.period(period, MAX_YEARS, "deletion", "remediation"));
        }
    }

    /**
     * The right to audit the buyer.
     *
     * @param perYear audits a year, 1 to 12
     * @param notice time between the announcement of an audit and the audit
     * @param lookback how far into the past an audit may look
     * @param costShiftAbove if the audit finds that more than this share of the amount due was not reported, the buyer
     *     pays for the audit
     */
    record Audit(int perYear, Period notice, Period lookback, BigDecimal costShiftAbove) implements CareTerm {
        public Audit {
            Bounds.within(perYear, 1, 12, "audit", "perYear");
            notice = Bounds.period(notice, 1, "audit", "notice");
            lookback = Bounds.period(lookback, MAX_YEARS, "audit", "lookback");
            costShiftAbove = Bounds.share(costShiftAbove, "audit", "costShiftAbove");
        }
    }

    /** Reports the buyer gives: at least one, and at most one of each kind. */
    record Reporting(List<Report> reports) implements CareTerm {
        public Reporting {
            reports = List.copyOf(reports);
            Set<Subject> seen = EnumSet.noneOf(Subject.class);
            for (Report report : reports) {
                if (!seen.add(report.subject())) {
                    throw Bounds.fault("reporting", "subject", report.subject().word() + " stands twice");
                }
            }
            if (reports.isEmpty()) {
                throw Bounds.fault("reporting", "", "asks for no report");
            }
        }
    }

    /**
     * One report.
     *
     * @param subject what it is about
     * @param every the period each report covers
     * @param within how soon after the end of each such period it is due
     */
    record Report(Subject subject, Period every, Period within) {
        public Report {
            Objects.requireNonNull(subject);
            every = Bounds.period(every, MAX_YEARS, "reporting", "every");
            within = Bounds.period(within, 1, "reporting", "within");
        }
    }

    /** What a report is about. */
    enum Subject implements Worded {
        USAGE("usage"),
        REVENUE("revenue"),
        TRANSPARENCY("transparency"),
        MODELS("models");

        private final String word;

        Subject(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * Duties towards people who appear in the works.
     *
     * @param personal what personal data the works may hold
     * @param noReidentification whether the buyer must not try to find out who a person is
     * @param breachNotice how soon the buyer reports a breach
     */
    record Privacy(Personal personal, boolean noReidentification, Period breachNotice) implements CareTerm {
        public Privacy {
            Objects.requireNonNull(personal);
            breachNotice = Bounds.period(breachNotice, 1, "privacy", "breachNotice");
        }
    }

    /** What personal data the works hold. */
    enum Personal implements Worded {
        NONE("none"),
        PSEUDONYMISED("pseudonymised"),
        CONSENTED("consented");

        private final String word;

        Personal(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * How the buyer protects the works.
     *
     * @param standards the security standards it keeps, by name, such as {@code iso-27001}; at least one
     * @param insurance least sum insured against loss of the works; empty if not agreed
     * @param incidentNotice how soon the buyer reports an incident
     */
    record Security(List<String> standards, Optional<Pricing.Price> insurance, Period incidentNotice)
            implements CareTerm {
        public Security {
            standards = Bounds.names(standards, "security", "standards");
            if (standards.isEmpty()) {
                throw Bounds.fault("security", "standards", "names no standard");
            }
            Objects.requireNonNull(insurance);
            incidentNotice = Bounds.period(incidentNotice, 1, "security", "incidentNotice");
        }
    }

    /**
     * The buyer reviews samples of a model's outputs.
     *
     * @param samples how many each time, 1 to 1 000 000
     * @param every how often
     * @param remedy how soon a fault found is repaired
     */
    record OutputReview(long samples, Period every, Period remedy) implements CareTerm {
        public OutputReview {
            Bounds.within(samples, 1, 1_000_000, "output-review", "samples");
            every = Bounds.period(every, MAX_YEARS, "output-review", "every");
            remedy = Bounds.period(remedy, MAX_YEARS, "output-review", "remedy");
        }
    }

    /** What follows where the buyer's training manifest names works for which no receipt exists. */
    record Surplus(Consequence consequence) implements CareTerm {
        public Surplus {
            Objects.requireNonNull(consequence);
        }
    }

    /** What becomes of works trained on without a receipt. */
    enum Consequence implements Worded {
        /** Their creators and auditors see them. */
        FLAGGED("flagged"),
        /** They are billed as if they had been delivered. */
        BILLED("billed");

        private final String word;

        Consequence(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }
}
