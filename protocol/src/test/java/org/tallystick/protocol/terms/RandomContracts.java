package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Scope;

/** Random contracts that are sound, reaching into every corner of the terms. */
public final class RandomContracts {
    private static final List<String> PLACES = List.of("EU", "EEA", "DE", "FR", "US", "JP", "BR");
    private static final List<String> NAMES = List.of("news", "music", "law", "sport", "code-2", "maps");

    private final SplittableRandom random;
    private final String currency;

    private RandomContracts(SplittableRandom random) {
        this.random = random;
        this.currency = one(List.of("USD", "EUR", "JPY"));
    }

    /** A contract of any terms. */
    public static ContractDraft draft(SplittableRandom random) {
        return new RandomContracts(random).draft();
    }

    static <P extends UnitPrice> Volume<P> volume(
            SplittableRandom random, String currency, Function<Pricing.Price, P> unit) {
        RandomContracts contracts = new RandomContracts(random);
        List<Volume.Step<P>> steps = new ArrayList<>();
        long above = 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            above += random.nextLong(1, 1_000_000);
            steps.add(new Volume.Step<>(above, unit.apply(contracts.price(currency))));
        }
        return new Volume<>(unit.apply(contracts.price(currency)), steps);
    }

    private ContractDraft draft() {
        return new ContractDraft(
                "cnf-" + random.nextInt(1_000_000),
                "hn-" + random.nextInt(1_000),
                maybe(() -> "buyer-" + random.nextInt(100)),
                maybe(() -> "curator-" + random.nextInt(100)),
                maybe(this::hash),
                terms(),
                maybe(() -> new ContractReplacement(
                        "old-" + random.nextInt(100), hash(), one(List.of(ContractReplacement.Kind.values())))),
                maybe(() -> new ContractText("words-1", hash(), hash())));
    }

    private Hash hash() {
        return Sha256.hash(Seeds.bytes(random, 8));
    }

    private ContractTerms terms() {
        List<Term> terms = new ArrayList<>();
        UseTerm.Grant grant = new UseTerm.Grant(
                one(NAMES), some(List.of(Use.values()), 1), some(List.of(UseTerm.Purpose.values()), 0));
        terms.add(grant);
        terms.add(new UseTerm.Duration(years()));
        put(terms, () -> new UseTerm.Forbidden(List.copyOf(some(NAMES, 1))));
        put(terms, () -> new UseTerm.Proof(one(List.of(Grade.values()))));
        put(terms, () -> new UseTerm.Regions(List.copyOf(some(PLACES, 1))));
        put(terms, () -> new UseTerm.Renewal(years(), days(), 1 + random.nextInt(10)));
        boolean exclusive = random.nextBoolean();
        if (exclusive) {
            terms.add(exclusivity());
        }
        put(terms, () -> new UseTerm.Sublicensing(permission(), permission(), random.nextBoolean()));
        put(terms, () -> derivatives(grant));
        put(terms, () -> new UseTerm.Exposure(random.nextInt(1000), share(), one(List.of(UseTerm.Action.values()))));
        terms.add(new PayTerm.Price(compensation(grant, exclusive)));
        put(terms, () -> new PayTerm.Fee(new BigDecimal("0." + (1 + random.nextInt(98)))));
        terms.add(new PayTerm.Splits(splits()));
        terms.add(new PayTerm.Payout(one(List.of(ContractPayout.Schedule.values())), maybe(this::days)));
        put(terms, () -> new PayTerm.Escrow("escrow-" + random.nextInt(9)));
        care(terms);
        risk(terms);
        return ContractTerms.of(terms);
    }

    private void care(List<Term> terms) {
        put(
                terms,
                () -> new CareTerm.Attribution(
                        one(List.of("By Ä. Ö. & Söhne", "Trained on <works> of \"A\"", "credit | here", "日本語の記事")),
                        some(List.of(CareTerm.Place.values()), 1),
                        days()));
        put(
                terms,
                () -> new CareTerm.Reporting(some(List.of(CareTerm.Subject.values()), 1).stream()
                        .map(subject -> new CareTerm.Report(subject, months(), days()))
                        .toList()));
        put(terms, () -> new CareTerm.Audit(1 + random.nextInt(12), days(), months(), share()));
        put(terms, () -> new CareTerm.OutputReview(1 + random.nextInt(1000), months(), days()));
        if (terms.size() % 3 == 0) { // by no draw, so that a seed goes on giving the other terms that it gave before
            terms.add(new CareTerm.Surplus(
                    terms.size() % 2 == 0 ? CareTerm.Consequence.FLAGGED : CareTerm.Consequence.BILLED));
        }
        put(terms, () -> new CareTerm.Retention(days(), days()));
        put(terms, () -> new CareTerm.Deletion(days(), random.nextBoolean(), maybe(this::days)));
        put(terms, () -> new CareTerm.Privacy(one(List.of(CareTerm.Personal.values())), random.nextBoolean(), days()));
        put(
                terms,
                () -> new CareTerm.Security(
                        List.copyOf(some(List.of("iso-27001", "soc-2", "bsi-c5"), 1)), maybe(this::price), days()));
    }

    private void risk(List<Term> terms) {
        put(terms, () -> {
            Set<RiskTerm.Side> sides = some(List.of(RiskTerm.Side.values()), 0);
            return new RiskTerm.Indemnity(
                    one(List.of(RiskTerm.Warranty.values())), sides, !sides.isEmpty() && random.nextBoolean());
        });
        put(terms, () -> switch (random.nextInt(3)) {
            case 0 -> new RiskTerm.Liability(Optional.empty(), Optional.empty(), Set.of());
            case 1 ->
                new RiskTerm.Liability(
                        Optional.of(price()), Optional.empty(), some(List.of(RiskTerm.CarveOut.values()), 0));
            default ->
                new RiskTerm.Liability(
                        Optional.empty(),
                        Optional.of(new BigDecimal(1 + random.nextInt(50)).movePointLeft(random.nextInt(2))),
                        some(List.of(RiskTerm.CarveOut.values()), 0));
        });
        put(
                terms,
                () -> new RiskTerm.Disputes(days(), one(List.of(RiskTerm.Forum.values())), one(List.of("DE", "US"))));
        put(terms, () -> new RiskTerm.Termination(maybe(this::days), days()));
    }

    private UseTerm.Exclusivity exclusivity() {
        return new UseTerm.Exclusivity(
                List.copyOf(some(PLACES, 0)),
                List.copyOf(some(NAMES, 0)),
                maybe(() -> LocalDate.of(2026, 1, 1).plusDays(random.nextInt(900))),
                Period.ofMonths(3 + random.nextInt(9)).normalized(),
                maybe(() -> new UseTerm.Reversion(price(), days())));
    }

    private UseTerm.Derivatives derivatives(UseTerm.Grant grant) {
        UseTerm.Permission commercial = permission();
        return new UseTerm.Derivatives(
                commercial,
                grant.uses().contains(Use.WEIGHT_DISTRIBUTION) ? UseTerm.Permission.ALLOWED : permission(),
                commercial == UseTerm.Permission.FORBIDDEN ? Optional.empty() : maybe(this::share),
                random.nextBoolean());
    }

    private Compensation compensation(UseTerm.Grant grant, boolean exclusive) {
        List<Charge> charges = new ArrayList<>();
        List<Scope> tiers =
                grant.scopes().stream().filter(Scope::meters).sorted().toList();
        Optional<Scope> tier = tiers.isEmpty() ? Optional.empty() : maybe(() -> one(tiers));
        put(charges, () -> new Charge.Samples(tier, volume(random, currency, UnitPrice.PerSample::new)));
        put(charges, () -> new Charge.Tokens(tier, volume(random, currency, UnitPrice.PerThousandTokens::new)));
        if (grant.scopes().contains(Scope.INFERENCE)) {
            put(charges, () -> new Charge.Inferences(volume(random, currency, UnitPrice.PerInference::new), share()));
        }
        put(
                charges,
                () -> new Charge.Bulk(List.of(
                        new Charge.Milestone("first", price(), one(List.of(Charge.Release.values())), days()),
                        new Charge.Milestone("last", price(), one(List.of(Charge.Release.values())), months()))));
        put(
                charges,
                () -> new Charge.Subscription(
                        price(), months(), maybe(() -> new Quantity.Samples(1 + random.nextInt(1000)))));
        put(
                charges,
                () -> new Charge.Credits(
                        price(),
                        1 + random.nextInt(10_000),
                        some(List.of(Charge.Unit.values()), 1).stream()
                                .map(unit -> new Charge.CreditCost(unit, 1 + random.nextInt(9)))
                                .toList(),
                        months()));
        put(
                charges,
                () -> new Charge.RevenueShare(
                        share(), one(List.of(Charge.Base.values())), maybe(this::price), months()));
        put(charges, this::pool);
        if (charges.isEmpty() || random.nextInt(3) == 0) {
            charges.add(new Charge.Upfront(price()));
        }
        return new Compensation(
                currency,
                charges,
                bounds(),
                exclusive ? maybe(() -> new BigDecimal(10 + random.nextInt(90)).movePointLeft(1)) : Optional.empty());
    }

    private Charge pool() {
        boolean shared = random.nextBoolean();
        return new Charge.Pool(
                shared ? Optional.of(share()) : Optional.empty(),
                shared ? Optional.of(one(List.of(Charge.Base.values()))) : Optional.empty(),
                shared ? Optional.empty() : Optional.of(price()),
                months(),
                one(List.of(Charge.Allocation.values())));
    }

    private List<Compensation.Bound> bounds() {
        List<Compensation.Bound> bounds = new ArrayList<>();
        Optional<Period> every = maybe(this::months);
        put(bounds, () -> new Compensation.Floor(price("1"), every));
        put(bounds, () -> new Compensation.Cap(price("1000000"), every));
        put(bounds, () -> new Compensation.MinimumGuarantee(price("100"), every));
        return bounds;
    }

    private List<ContractPayout.Split> splits() {
        if (random.nextInt(4) == 0) {
            return List.of(new ContractPayout.Split("creators", BigDecimal.ONE));
        }
        BigDecimal first = new BigDecimal(1 + random.nextInt(999)).movePointLeft(3);
        return List.of(
                new ContractPayout.Split("creators", first),
                new ContractPayout.Split("curator-1", BigDecimal.ONE.subtract(first)));
    }

    private UseTerm.Permission permission() {
        return one(List.of(UseTerm.Permission.values()));
    }

    private BigDecimal share() {
        return new BigDecimal(1 + random.nextInt(1000)).movePointLeft(3);
    }

    private Pricing.Price price() {
        return price(currency);
    }

    private Pricing.Price price(String of) {
        return of.equals("USD") || of.equals("EUR") || of.equals("JPY")
                ? new Pricing.Price(of, new BigDecimal(1 + random.nextInt(1_000_000)).movePointLeft(random.nextInt(9)))
                : new Pricing.Price(currency, new BigDecimal(of));
    }

    private Period years() {
        return Period.ofYears(1 + random.nextInt(20));
    }

    private Period months() {
        return Period.ofMonths(1 + random.nextInt(20)).normalized();
    }

    private Period days() {
        return Period.ofDays(1 + random.nextInt(80));
    }

    private <T> T one(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    private <T> Set<T> some(List<T> items, int least) {
        Set<T> chosen = new LinkedHashSet<>();
        for (int i = least + random.nextInt(items.size()); i > 0; i--) {
            chosen.add(one(items));
        }
        return chosen;
    }

    private <T> Optional<T> maybe(Supplier<? extends T> made) {
        return random.nextBoolean() ? Optional.of(made.get()) : Optional.empty();
    }

    private <T> void put(Collection<? super T> all, Supplier<T> made) {
        if (random.nextBoolean()) {
            all.add(made.get());
        }
    }
}
