package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the buyer owes the works and the people behind them beside money. */
public sealed interface CareTerm extends Term {
    /** Longest time for a duty, in years. */
    int MAX_YEARS = 10;

    /**
     * Credit to the creators.
     *
     * @param line what it says
     * @param places where it stands; at least one
     * @param within after a model's release
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

    /** Where credit stands. */
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
     * How long copies and the right to train again last.
     *
     * @param copies how long after the end copies may be kept
     * @param retraining how long after acceptance a model may be trained, or trained again
     */
    record Retention(Period copies, Period retraining) implements CareTerm {
        public Retention {
            copies = Bounds.period(copies, MAX_YEARS, "retention", "copies");
            retraining = Bounds.period(retraining, UseTerm.MAX_YEARS, "retention", "retraining");
        }
    }

    /**
     * What is deleted, and how that is shown.
     *
     * @param within after the end, or after a work is withdrawn
     * @param certificate whether the buyer signs a deletion certificate
     * @param remediation how soon it says what becomes of models trained on a withdrawn work
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
     * @param notice before each
     * @param lookback how far back an audit may look
     * @param costShiftAbove discrepancy, as a part of what was due, above which the buyer pays for the audit
     */
    record Audit(int perYear, Period notice, Period lookback, BigDecimal costShiftAbove) implements CareTerm {
        public Audit {
            Bounds.within(perYear, 1, 12, "audit", "perYear");
            notice = Bounds.period(notice, 1, "audit", "notice");
            lookback = Bounds.period(lookback, MAX_YEARS, "audit", "lookback");
            costShiftAbove = Bounds.share(costShiftAbove, "audit", "costShiftAbove");
        }
    }

    /** Reports the buyer gives; at least one, each kind once. */
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
     * @param every how often
     * @param within how soon after each such period
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
     * Duties towards people in the works.
     *
     * @param personal what personal data the works may hold
     * @param noReidentification whether trying to find out who someone is is forbidden
     * @param breachNotice how soon a breach is told
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
     * How the works are guarded.
     *
     * @param standards the buyer keeps, by name, such as {@code iso-27001}; at least one
     * @param insurance least sum insured against loss of the works
     * @param incidentNotice how soon an incident is told
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
     * Samples of what a model puts out are looked at.
     *
     * @param samples how many each time, 1 to 1 000 000
     * @param every how often
     * @param remedy how soon what is found wrong is mended
     */
    record OutputReview(long samples, Period every, Period remedy) implements CareTerm {
        public OutputReview {
            Bounds.within(samples, 1, 1_000_000, "output-review", "samples");
            every = Bounds.period(every, MAX_YEARS, "output-review", "every");
            remedy = Bounds.period(remedy, MAX_YEARS, "output-review", "remedy");
        }
    }
}
