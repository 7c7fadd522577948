package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Scope;

/** What may be done with the works, by whom, where and for how long. */
public sealed interface UseTerm extends Term {
    /** Longest duration of a contract, in years. */
    int MAX_YEARS = 100;

    /**
     * What is granted.
     *
     * @param licence the parties' own name for the licence
     * @param uses at least one; tokens are issued for their scopes only
     * @param purposes what the results may be used for; empty for anything
     */
    record Grant(String licence, Set<Use> uses, Set<Purpose> purposes) implements UseTerm {
        public Grant {
            Bounds.names(List.of(licence), "license-type", "license.type");
            uses = Set.copyOf(uses);
            purposes = Set.copyOf(purposes);
            if (uses.isEmpty()) {
                throw Bounds.fault("uses", "permittedUses", "permits nothing");
            }
        }

        /** The scopes of the tokens that may be issued. */
        public Set<Scope> scopes() {
            Set<Scope> scopes = EnumSet.noneOf(Scope.class);
            uses.forEach(use -> use.scope().ifPresent(scopes::add));
            return Set.copyOf(scopes);
        }
    }

    /** What the result of a use may be used for. */
    enum Purpose implements Worded {
        RESEARCH("research"),
        EDUCATION("education"),
        INTERNAL("internal-tools"),
        COMMERCIAL("commercial-products"),
        PUBLIC_INTEREST("public-interest");

        private final String word;

        Purpose(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * What is forbidden by name.
     *
     * @param acts uses, and acts of the buyer's customers, sorted
     */
    record Forbidden(List<String> acts) implements UseTerm {
        public Forbidden {
            acts = Bounds.names(acts, "uses", "forbiddenUses");
            if (acts.isEmpty()) {
                throw Bounds.fault("uses", "forbiddenUses", "forbids nothing");
            }
        }
    }

    /** How long the contract is in force from its acceptance; calendar arithmetic in UTC. */
    record Duration(Period period) implements UseTerm {
        public Duration {
            period = Bounds.period(period, MAX_YEARS, "duration", "");
        }
    }

    /** Where deliveries may go. */
    record Regions(List<String> places) implements UseTerm {
        public Regions {
            places = Bounds.places(places, "region", "regionRestrictions");
            if (places.isEmpty()) {
                throw Bounds.fault("region", "regionRestrictions", "names no place");
            }
        }
    }

    /**
     * How uses are proven at least.
     *
     * @param least from {@link Grade#ASKED} on, tokens are issued only under a job order
     */
    record Proof(Grade least) implements UseTerm {
        public Proof {
            Objects.requireNonNull(least);
        }
    }

    /**
     * For a time nobody else is granted the same dataset in these places and industries. Empty places or verticals mean
     * all.
     *
     * @param places {@code EU}, {@code EEA} or ISO 3166-1 alpha-2 codes
     * @param verticals industries, by name
     * @param from first day, in UTC; empty for the day of acceptance
     * @param window how long; at most the duration of the contract
     * @param reversion what ends it early; empty for nothing
     */
    record Exclusivity(
            List<String> places,
            List<String> verticals,
            Optional<LocalDate> from,
            Period window,
            Optional<Reversion> reversion)
            implements UseTerm {
        public Exclusivity {
            places = Bounds.places(places, "exclusivity", "places");
            verticals = Bounds.names(verticals, "exclusivity", "verticals");
            Objects.requireNonNull(from);
            window = Bounds.period(window, MAX_YEARS, "exclusivity", "window");
            Objects.requireNonNull(reversion);
        }

        /** The first moment of exclusivity, if the contract was accepted at {@code accepted}. */
        public Instant begins(Instant accepted) {
            return from.map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant()).orElse(accepted);
        }

        /** The first moment after exclusivity, if the contract was accepted at {@code accepted}. */
        public Instant ends(Instant accepted) {
            return ends(accepted, accepted);
        }

        /**
         * The first moment after exclusivity.
         *
         * @param counted from when the window is counted where no day is named; see {@link ContractDocument#countedFrom}
         */
        public Instant ends(Instant accepted, Instant counted) {
            Instant start = from.isPresent() ? begins(accepted) : counted;
            return start.atOffset(ZoneOffset.UTC).plus(window).toInstant();
        }
    }

    /**
     * Exclusivity ends early unless a sum has been paid by a day.
     *
     * @param unlessPaid the least sum that must be paid
     * @param within time for it, from the beginning of exclusivity
     */
    record Reversion(Pricing.Price unlessPaid, Period within) {
        public Reversion {
            Objects.requireNonNull(unlessPaid);
            within = Bounds.period(within, MAX_YEARS, "exclusivity", "reversion.within");
        }
    }

    /**
     * The option to continue after the duration. Both sides use it by signing a contract that replaces this one.
     *
     * @param period length of each renewal
     * @param notice how long before the end a party says that it wants to renew
     * @param most greatest number of renewals, 1 to 10
     */
    record Renewal(Period period, Period notice, int most) implements UseTerm {
        public Renewal {
            period = Bounds.period(period, MAX_YEARS, "renewal", "period");
            notice = Bounds.period(notice, 1, "renewal", "notice");
            Bounds.within(most, 1, 10, "renewal", "most");
            if (Bounds.longer(notice, period)) {
                throw Bounds.fault("renewal", "notice", "is longer than the period it is about");
            }
        }
    }

    /** Whether something may be done. */
    enum Permission implements Worded {
        FORBIDDEN("forbidden"),
        /** Only if curator and creators agree in writing each time. */
        WITH_CONSENT("with-consent"),
        ALLOWED("allowed");

        private final String word;

        Permission(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * Whether the buyer may pass on its rights or the works.
     *
     * @param sublicense granting others rights to use the works
     * @param resale giving the works themselves to others
     * @param affiliates whether companies under the same control may use the works too
     */
    record Sublicensing(Permission sublicense, Permission resale, boolean affiliates) implements UseTerm {
        public Sublicensing {
            Objects.requireNonNull(sublicense);
            Objects.requireNonNull(resale);
        }
    }

    /**
     * What may be done with models and other things made from the works.
     *
     * @param commercial selling them or access to them
     * @param weights giving model weights to others
     * @param royalty share of the income from them that is due in addition to the charges; empty for none
     * @param sameTerms whether everybody who receives them is bound by these terms too
     */
    record Derivatives(Permission commercial, Permission weights, Optional<BigDecimal> royalty, boolean sameTerms)
            implements UseTerm {
        public Derivatives {
            Objects.requireNonNull(commercial);
            Objects.requireNonNull(weights);
            royalty = royalty.map(share -> Bounds.share(share, "derivatives", "royalty"));
            if (royalty.isPresent() && commercial == Permission.FORBIDDEN) {
                throw Bounds.fault("derivatives", "royalty", "is owed on what is forbidden");
            }
        }
    }

    /**
     * How much of a work a model's answer may show.
     *
     * @param verbatimTokens longest sequence of a work's own words, in tokens; 0 to 100 000
     * @param similarity greatest similarity to a work, 0 to 1, by the measure that the model registry names
     * @param action what happens to an answer that exceeds a limit
     */
    record Exposure(long verbatimTokens, BigDecimal similarity, Action action) implements UseTerm {
        public Exposure {
            Bounds.within(verbatimTokens, 0, 100_000, "exposure", "verbatimTokens");
            similarity = Bounds.share(similarity, "exposure", "similarity");
            Objects.requireNonNull(action);
        }
    }

    /** What happens to an answer that shows too much. */
    enum Action implements Worded {
        BLOCK("block"),
        ATTRIBUTE("attribute"),
        REVIEW("review");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }
}
