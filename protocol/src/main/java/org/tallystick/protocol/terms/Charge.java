package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.receipt.Scope;

/**
 * One thing that is paid for. A contract's {@link Compensation} is a list of them, each due by itself; every pricing
 * model is one of them or a sum of some.
 */
public sealed interface Charge {
    /** Longest period between two payments, in years. */
    int MAX_PERIOD_YEARS = 10;

    /** The word for its kind in documents. */
    String word();

    /** The scope of use it prices, where it prices only one. */
    default Optional<Scope> tier() {
        return Optional.empty();
    }

    /** Every price in it, so that currencies can be compared. */
    List<Pricing.Price> prices();

    /** A charge for a quantity, at a price that may go down as it grows. */
    sealed interface ByVolume extends Charge {
        Volume<? extends UnitPrice> price();

        @Override
        default List<Pricing.Price> prices() {
            return List.of(price().first().price());
        }
    }

    /**
     * So much for each distinct work used in a job.
     *
     * @param tier the one scope it is for; empty for every scope that meters
     */
    record Samples(Optional<Scope> tier, Volume<UnitPrice.PerSample> price) implements ByVolume {
        public Samples {
            checkTier(tier);
            Objects.requireNonNull(price);
        }

        /** What so many cost, exact. */
        public BigDecimal amount(Quantity.Samples samples) {
            return price.exactly(samples.count());
        }

        @Override
        public String word() {
            return "samples";
        }
    }

    /**
     * So much for each thousand tokens.
     *
     * @param tier the one scope it is for; empty for every scope that meters
     */
    record Tokens(Optional<Scope> tier, Volume<UnitPrice.PerThousandTokens> price) implements ByVolume {
        public Tokens {
            checkTier(tier);
            Objects.requireNonNull(price);
        }

        /** What so many cost, exact. */
        public BigDecimal amount(Quantity.Tokens tokens) {
            return price.exactly(tokens.count());
        }

        @Override
        public String word() {
            return "tokens";
        }
    }

    /**
     * So much for each answer of a model to which a work contributed enough.
     *
     * @param threshold least attribution score that counts, 0 to 1
     */
    record Inferences(Volume<UnitPrice.PerInference> price, BigDecimal threshold) implements ByVolume {
        public Inferences {
            Objects.requireNonNull(price);
            if (threshold.signum() < 0 || threshold.compareTo(BigDecimal.ONE) > 0) {
                throw Bounds.fault("charge-threshold", "attributionThreshold", "is not between 0 and 1");
            }
            threshold = Bounds.decimals(threshold, "charge-threshold", "attributionThreshold");
        }

        /** What so many cost, exact. */
        public BigDecimal amount(Quantity.Inferences inferences) {
            return price.exactly(inferences.count());
        }

        @Override
        public String word() {
            return "inferences";
        }

        @Override
        public Optional<Scope> tier() {
            return Optional.of(Scope.INFERENCE);
        }
    }

    /** One payment when the contract comes into force. */
    record Upfront(Pricing.Price amount) implements Charge {
        public Upfront {
            Objects.requireNonNull(amount);
        }

        @Override
        public String word() {
            return "upfront";
        }

        @Override
        public List<Pricing.Price> prices() {
            return List.of(amount);
        }
    }

    /** One price held in escrow and released part by part. */
    record Bulk(List<Milestone> milestones) implements Charge {
        private static final int MAX_MILESTONES = 64;

        public Bulk {
            milestones = List.copyOf(milestones);
            if (milestones.isEmpty() || milestones.size() > MAX_MILESTONES) {
                throw Bounds.fault("milestones", "", "a bulk price has 1 to " + MAX_MILESTONES + " milestones");
            }
            Set<String> names = new HashSet<>();
            for (Milestone milestone : milestones) {
                if (!names.add(milestone.name())) {
                    throw Bounds.fault("milestones", "name", milestone.name() + " stands twice");
                }
            }
        }

        /** What all milestones come to. */
        public BigDecimal total() {
            return milestones.stream().map(m -> m.amount().amount()).reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        @Override
        public String word() {
            return "bulk";
        }

        @Override
        public List<Pricing.Price> prices() {
            return milestones.stream().map(Milestone::amount).toList();
        }
    }

    /**
     * A part of a bulk price and what releases it.
     *
     * @param name a name of lower-case words joined by hyphens
     * @param release what must have happened
     * @param within how long after acceptance it is due at the latest
     */
    record Milestone(String name, Pricing.Price amount, Release release, Period within) {
        public Milestone {
            Bounds.names(List.of(name), "milestones", "name");
            Objects.requireNonNull(amount);
            Objects.requireNonNull(release);
            within = Bounds.period(within, MAX_PERIOD_YEARS, "milestones", "within");
        }
    }

    /** What releases a milestone from escrow. */
    enum Release implements Worded {
        /** The works of the dataset version have been delivered once. */
        DELIVERY("delivery"),
        /** The buyer confirms in writing. */
        APPROVAL("approval"),
        /** The date alone. */
        DATE("date");

        private final String word;

        Release(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * So much for every period begun.
     *
     * @param includes distinct works a period's price covers; empty for any number
     */
    record Subscription(Pricing.Price amount, Period every, Optional<Quantity.Samples> includes) implements Charge {
        public Subscription {
            Objects.requireNonNull(amount);
            Objects.requireNonNull(includes);
            every = Bounds.period(every, MAX_PERIOD_YEARS, "subscription", "every");
        }

        @Override
        public String word() {
            return "subscription";
        }

        @Override
        public List<Pricing.Price> prices() {
            return List.of(amount);
        }
    }

    /**
     * Credits bought beforehand and spent by use.
     *
     * @param pack price of a pack
     * @param credits in a pack
     * @param costs credits each unit takes; at least one, each unit once
     * @param valid how long after they are bought they can be spent
     */
    record Credits(Pricing.Price pack, long credits, List<CreditCost> costs, Period valid) implements Charge {
        public Credits {
            Objects.requireNonNull(pack);
            Bounds.within(credits, 1, 1_000_000_000_000L, "credits", "credits");
            costs = List.copyOf(costs);
            Set<Unit> units = EnumSet.noneOf(Unit.class);
            for (CreditCost cost : costs) {
                if (!units.add(cost.unit())) {
                    throw Bounds.fault("credits", "costs", cost.unit().word() + " stands twice");
                }
            }
            if (costs.isEmpty()) {
                throw Bounds.fault("credits", "costs", "nothing can be bought with the credits");
            }
            valid = Bounds.period(valid, MAX_PERIOD_YEARS, "credits", "valid");
        }

        @Override
        public String word() {
            return "credits";
        }

        @Override
        public List<Pricing.Price> prices() {
            return List.of(pack);
        }
    }

    /** How many credits one unit takes. */
    record CreditCost(Unit unit, long credits) {
        public CreditCost {
            Objects.requireNonNull(unit);
            Bounds.within(credits, 1, 1_000_000_000L, "credits", "costs");
        }
    }

    /** What credits are spent on. */
    enum Unit implements Worded {
        SAMPLE("sample"),
        THOUSAND_TOKENS("thousand-tokens"),
        INFERENCE("inference");

        private final String word;

        Unit(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * A part of what the buyer earns with what it made from the works.
     *
     * @param share above 0, at most 1
     * @param above the period's revenue that stays free of it, where the parties agreed on one
     * @param every how often revenue is reported and the share due
     */
    record RevenueShare(BigDecimal share, Base base, Optional<Pricing.Price> above, Period every) implements Charge {
        public RevenueShare {
            share = Bounds.share(share, "revenue-share", "share");
            Objects.requireNonNull(base);
            Objects.requireNonNull(above);
            every = Bounds.period(every, MAX_PERIOD_YEARS, "revenue-share", "every");
        }

        @Override
        public String word() {
            return "revenue-share";
        }

        @Override
        public List<Pricing.Price> prices() {
            return above.stream().toList();
        }
    }

    /** Which revenue a share is of. */
    enum Base implements Worded {
        /** All money received for the products, before any deduction. */
        GROSS("gross-revenue"),
        /** Less taxes, refunds and payment fees, and nothing else. */
        NET("net-revenue");

        private final String word;

        Base(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * A sum of every period shared among those whose works were used in it.
     *
     * @param share of the buyer's revenue, or empty where {@code amount} is given
     * @param amount fixed sum of a period, or empty where {@code share} is given
     * @param base which revenue; only with {@code share}
     */
    record Pool(
            Optional<BigDecimal> share,
            Optional<Base> base,
            Optional<Pricing.Price> amount,
            Period every,
            Allocation allocation)
            implements Charge {
        public Pool {
            if (share.isPresent() == amount.isPresent() || share.isPresent() != base.isPresent()) {
                throw Bounds.fault(
                        "pool", "", "a pool is filled by a share of a revenue or by an amount, by one of them");
            }
            share = share.map(s -> Bounds.share(s, "pool", "share"));
            every = Bounds.period(every, MAX_PERIOD_YEARS, "pool", "every");
            Objects.requireNonNull(allocation);
        }

        @Override
        public String word() {
            return "pool";
        }

        @Override
        public List<Pricing.Price> prices() {
            return amount.stream().toList();
        }
    }

    /** How a pool is divided. */
    enum Allocation implements Worded {
        /** By distinct works used. */
        USE("use"),
        /** By the attribution scores of the period. */
        ATTRIBUTION("attribution"),
        /** By works in the dataset version, used or not. */
        WORKS("works");

        private final String word;

        Allocation(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    private static void checkTier(Optional<Scope> tier) {
        if (tier.filter(t -> !t.meters()).isPresent()) {
            throw Bounds.fault("charge-tier", "tier", "a preview is never metered, so it has no price");
        }
    }
}
