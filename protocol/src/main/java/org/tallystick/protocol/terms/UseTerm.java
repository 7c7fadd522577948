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
import org.tallystick.protocol.receipt.Scope;

/** What may be done with the works, by whom, where and how long. */
public sealed interface UseTerm extends Term {
    /** Longest life of a contract, in years. */
    int MAX_YEARS = 100;

    /**
     * What is granted.
     *
     * @param licence the parties' own name for the licence
     * @param uses at least one; they say which scopes of tokens (tiers) may be issued
     * @param purposes what the result may be for; empty for any
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

    /** What the result of a use may be for. */
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
     * What is banned by name.
     *
     * @param acts uses and downstream acts, sorted
     */
    record Forbidden(List<String> acts) implements UseTerm {
        public Forbidden {
            acts = Bounds.names(acts, "uses", "forbiddenUses");
            if (acts.isEmpty()) {
                throw Bounds.fault("uses", "forbiddenUses", "forbids nothing");
            }
        }
    }

    /** How long the contract lives from its acceptance; calendar arithmetic in UTC. */
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
     * Nobody else is granted the same dataset in these places and verticals in this time. Empty places or verticals mean
     * all of them.
     *
     * @param from first day, in UTC; empty for the day of acceptance
     * @param window how long; not longer than the contract lives
     * @param reversion what ends it early
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

        /** First moment of the window of a contract accepted then. */
        public Instant begins(Instant accepted) {
            return from.map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant()).orElse(accepted);
        }

        /** First moment past the window of a contract accepted then. */
        public Instant ends(Instant accepted) {
            return begins(accepted).atOffset(ZoneOffset.UTC).plus(window).toInstant();
        }
    }

    /**
     * Exclusivity falls away, and the rights revert, unless so much has been paid in time.
     *
     * @param unlessPaid least sum paid by then
     * @param within from the beginning of the window
     */
    record Reversion(Pricing.Price unlessPaid, Period within) {
        public Reversion {
            Objects.requireNonNull(unlessPaid);
            within = Bounds.period(within, MAX_YEARS, "exclusivity", "reversion.within");
        }
    }

    /**
     * The option to go on after the duration, by both sides signing a contract that takes this one's place.
     *
     * @param period of each renewal
     * @param notice how long before the end a party says that it wants to renew
     * @param most renewals at most, 1 to 10
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
     * Whether the buyer may pass its rights, or the works, on.
     *
     * @param sublicense granting rights of its own to others
     * @param resale handing the works themselves on
     * @param affiliates whether companies under the same control may use the works too
     */
    record Sublicensing(Permission sublicense, Permission resale, boolean affiliates) implements UseTerm {
        public Sublicensing {
            Objects.requireNonNull(sublicense);
            Objects.requireNonNull(resale);
        }
    }

    /**
     * What may become of models and other things made from the works.
     *
     * @param commercial selling them or access to them
     * @param weights giving model weights to others
     * @param royalty share of what they earn, where one is due beyond the charges
     * @param sameTerms whether whoever receives them is bound by these terms too
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
     * How much of a work an answer of a model may show.
     *
     * @param verbatimTokens longest run of a work's own words, in tokens; 0 to 100 000
     * @param similarity largest similarity to a work, 0 to 1, by the measure the model registry names
     * @param action what happens to an answer that exceeds it
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
