package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Currencies;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.receipt.Scope;

/**
 * Everything a buyer pays under a contract: charges, which are added up, and bounds for their sum. The two simple
 * pricing models, micropay and flat, are compensations of one charge.
 *
 * @param currency ISO 4217 code; every price of the contract is in it
 * @param charges at least one; no two for the same thing
 * @param bounds floor, cap and minimum guarantee, at most one of each
 * @param exclusivePremium factor on unit prices while the contract is exclusive, 1 to 100; empty for none
 */
public record Compensation(
        String currency, List<Charge> charges, List<Bound> bounds, Optional<BigDecimal> exclusivePremium) {
    private static final int MAX_CHARGES = 32;
    private static final BigDecimal MAX_PREMIUM = BigDecimal.valueOf(100);

    /** A lower or upper limit for the sum of all charges. */
    public sealed interface Bound {
        /** The word for this kind of bound in documents. */
        default String word() {
            return switch (this) {
                case Floor _ -> "floor";
                case Cap _ -> "cap";
                case MinimumGuarantee _ -> "minimum-guarantee";
            };
        }

        Pricing.Price amount();

        /**
         * The length of the periods to each of which the bound applies; empty where it applies once, to the whole
         * contract.
         */
        Optional<Period> every();
    }

    /** The least amount of a period. If the charges come to less, the difference is due at the period's end. */
    public record Floor(Pricing.Price amount, Optional<Period> every) implements Bound {
        public Floor {
            every = bounded(amount, every, word());
        }
    }

    /** The greatest amount of a period. Charges beyond it are not due. */
    public record Cap(Pricing.Price amount, Optional<Period> every) implements Bound {
        public Cap {
            every = bounded(amount, every, word());
        }
    }

    /**
     * An amount paid at the beginning of a period and not returned. Charges of the period are due only as far as they
     * exceed it.
     */
    public record MinimumGuarantee(Pricing.Price amount, Optional<Period> every) implements Bound {
        public MinimumGuarantee {
            every = bounded(amount, every, word());
        }
    }

    public Compensation {
        charges = List.copyOf(charges);
        bounds = List.copyOf(bounds);
        Objects.requireNonNull(currency);
        if (charges.isEmpty() || charges.size() > MAX_CHARGES) {
            throw Bounds.fault("charges", "", "a contract has 1 to " + MAX_CHARGES + " charges");
        }
        exclusivePremium = exclusivePremium.map(Compensation::premium);
        checkCurrency(currency, charges, bounds);
        checkDistinct(charges);
        checkBounds(bounds);
    }

    /** The compensation that has only this charge. */
    public static Compensation of(Charge charge) {
        if (charge.prices().isEmpty()) {
            throw Bounds.fault("charges", "", "a share of revenue names no currency of its own");
        }
        return new Compensation(charge.prices().getFirst().currency(), List.of(charge), List.of(), Optional.empty());
    }

    static Compensation of(Pricing pricing) {
        return switch (pricing) {
            case Pricing.Micropay micropay ->
                of(new Charge.Samples(Optional.empty(), Volume.flat(new UnitPrice.PerSample(micropay.price()))));
            case Pricing.Flat flat -> of(new Charge.Upfront(flat.price()));
        };
    }

    /** The same compensation as one of the two simple models, where it is one. */
    public Optional<Pricing> simple() {
        if (charges.size() > 1 || !bounds.isEmpty() || exclusivePremium.isPresent()) {
            return Optional.empty();
        }
        return switch (charges.getFirst()) {
            case Charge.Samples(Optional<Scope> tier, Volume<UnitPrice.PerSample> volume)
            when tier.isEmpty() && volume.steps().isEmpty() ->
                Optional.of(
                        new Pricing.Micropay(Pricing.Unit.SAMPLE, volume.first().price()));
            case Charge.Upfront upfront -> Optional.of(new Pricing.Flat(upfront.amount()));
            default -> Optional.empty();
        };
    }

    /** The charges of one kind, in the contract's order. */
    public <C extends Charge> List<C> charges(Class<C> type) {
        return charges.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The bound of one kind, if the parties agreed on one. */
    public <B extends Bound> Optional<B> bound(Class<B> type) {
        return bounds.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Optional<Period> bounded(Pricing.Price amount, Optional<Period> every, String word) {
        if (amount.amount().signum() == 0) {
            throw Bounds.fault("bounds", word, "is 0, so it bounds nothing");
        }
        return every.map(period -> Bounds.period(period, Charge.MAX_PERIOD_YEARS, "bounds", word + ".every"));
    }

    private static BigDecimal premium(BigDecimal premium) {
        if (premium.compareTo(BigDecimal.ONE) < 0 || premium.compareTo(MAX_PREMIUM) > 0) {
            throw Bounds.fault("exclusive-premium", "", "is not between 1 and " + MAX_PREMIUM);
        }
        return Bounds.decimals(premium, "exclusive-premium", "");
    }

    private static void checkCurrency(String currency, List<Charge> charges, List<Bound> bounds) {
        if (!Currencies.isKnown(currency)) {
            throw Bounds.fault("price-currency", "", Fields.shown(currency) + " is not a currency (ISO 4217)");
        }
        List<Pricing.Price> prices = new ArrayList<>();
        charges.forEach(charge -> prices.addAll(charge.prices()));
        bounds.forEach(bound -> prices.add(bound.amount()));
        for (Pricing.Price price : prices) {
            if (!price.currency().equals(currency)) {
                throw Bounds.fault(
                        "currencies-mixed",
                        "",
                        price.currency() + " stands beside " + currency + "; a contract has one");
            }
        }
    }

    private static void checkDistinct(List<Charge> charges) {
        Set<String> seen = new HashSet<>();
        for (Charge charge : charges) {
            String what =
                    charge.word() + charge.tier().map(t -> " for " + t.word()).orElse("");
            if (!seen.add(what)) {
                throw Bounds.fault("charge-duplicate", "", "two charges price " + what);
            }
        }
        for (String unit : List.of("samples", "tokens")) {
            if (seen.contains(unit) && seen.stream().anyMatch(what -> what.startsWith(unit + " for "))) {
                throw Bounds.fault(
                        "charge-ambiguous", "", unit + " have a price for every use and another for one use");
            }
        }
    }

    private static void checkBounds(List<Bound> bounds) {
        Set<String> seen = new HashSet<>();
        for (Bound bound : bounds) {
            if (!seen.add(bound.word())) {
                throw Bounds.fault("bounds", bound.word(), "stands twice");
            }
        }
        for (Bound cap : bounds) {
            for (Bound least : bounds) {
                boolean contradict = cap instanceof Cap
                        && !(least instanceof Cap)
                        && cap.every().equals(least.every())
                        && cap.amount().amount().compareTo(least.amount().amount()) < 0;
                if (contradict) {
                    throw Bounds.fault("bounds", least.word(), "is more than the cap");
                }
            }
        }
    }
}
