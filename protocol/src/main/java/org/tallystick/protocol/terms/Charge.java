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
 * One thing the buyer pays for. A contract's {@link Compensation} is a list of charges, and each is due on its own;
 * every pricing model is one charge or several.
 */
public sealed interface Charge {
    /** Longest period between two payments, in years. */
    int MAX_PERIOD_YEARS = 10;

    /** The word for this kind of charge in documents. */
    String word();

    /** The scope of use that is charged; empty where the charge is for every scope. */
    default Optional<Scope> tier() {
        return Optional.empty();
    }

    /** All prices in the charge, so that the contract can check that they have one currency. */
    List<Pricing.Price> prices();

    /** A charge for a quantity; its price may depend on the volume. */
    sealed interface ByVolume extends Charge {
        Volume<? extends UnitPrice> price();

        @Override
        default List<Pricing.Price> prices() {
            return List.of(price().first().price());
        }
    }

    /**
     * A price for each distinct work used in a job.
     *
     * @param tier the one scope it is for; empty for every scope that is metered
     * @param price of one work
     */
    record Samples(Optional<Scope> tier, Volume<UnitPrice.PerSample> price) implements ByVolume {
        public Samples {
            checkTier(tier);
            Objects.requireNonNull(price);
        }

        /** The exact cost of so many works, in the currency's major unit. */
        public BigDecimal amount(Quantity.Samples samples) {
            return price.exactly(samples.count());
        }

        @Override
        public String word() {
            return "samples";
        }
    }

    /**
     * A price for each thousand tokens a model gives out.
     *
     * @param tier the one scope it is for; empty for every scope that is metered
     * @param price of a thousand tokens
     */
    record Tokens(Optional<Scope> tier, Volume<UnitPrice.PerThousandTokens> price) implements ByVolume {
        public Tokens {
            checkTier(tier);
            Objects.requireNonNull(price);
        }

        /** The exact cost of so many tokens, in the currency's major unit. */
        public BigDecimal amount(Quantity.Tokens tokens) {
            return price.exactly(tokens.count());
        }

        @Override
        public String word() {
            return "tokens";
        }
    }

    /**
     * A price for each answer of a model to which a work contributed enough.
     *
     * @param price of one answer
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

        /** The exact cost of so many answers, in the currency's major unit. */
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

    /**
     * One payment when the contract comes into force.
     *
     * @param amount of the payment
     */
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

    /**
     * One price that is held in escrow and released in parts.
     *
     * @param milestones the parts, at least one
     */
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

        /** The sum of all milestones, in the currency's major unit. */
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
     * A part of a price in escrow, and what releases it.
     *
     * @param name lower-case words joined by hyphens
     * @param amount of this part
     * @param release what must have happened
     * @param within how long after the contract's acceptance it is due at the latest
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
     * An amount for every period that has begun.
     *
     * @param amount for one period
     * @param every length of a period
     * @param includes distinct works that a period's amount covers; empty for any number
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
     * Credits that are bought in advance and spent by use.
     *
     * @param pack price of one pack
     * @param credits number of credits in a pack
     * @param costs credits that each unit costs; at least one, each unit once
     * @param valid how long after the purchase credits can be spent
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

    /** How many credits one unit costs. */
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
     * A share of the buyer's revenue from what it made with the works.
     *
     * @param share above 0, at most 1
     * @param base which revenue
     * @param above revenue of a period up to this amount is free; empty if not agreed
     * @param every length of the periods for which revenue is reported and the share is due
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

    /** Which revenue a share is taken from. */
    enum Base implements Worded {
        /** All money received for the products, before any deduction. */
        GROSS("gross-revenue"),
        /** Revenue less taxes, refunds and payment fees, and less nothing else. */
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
     * A sum for each period, divided among those whose works were used in it.
     *
     * @param share of the buyer's revenue; empty where {@code amount} is given
     * @param amount the sum of a period; empty where {@code share} is given
     * @param base which revenue; only with {@code share}
     * @param every length of a period
     * @param allocation how the sum is divided
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
        /** By the number of distinct works used. */
        USE("use"),
        /** By the attribution scores of the period. */
        ATTRIBUTION("attribution"),
        /** By the number of works in the dataset version, whether used or not. */
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
