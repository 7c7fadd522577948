package org.tallystick.platform.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Rational;
import org.tallystick.protocol.ContractDocument;
import org.tallystick.protocol.ContractPayout;
import org.tallystick.protocol.Pricing;
import org.tallystick.protocol.Scope;
import org.tallystick.protocol.Statement;

/**
 * Prices usage by a contract. A micropay price is due for every distinct work of every job; a flat price is due once,
 * and what of it goes to {@code creators} goes by their works in the dataset version, which never changes, so no later
 * use can take back what was paid.
 *
 * <p>Pure; thread-safe.
 */
public final class Rater {
    private Rater() {}

    /** What a contract comes to for some usage. Amounts are in a fixed order: job, scope, payee, basis. */
    public record Rated(Rational gross, List<Amount> amounts) {
        public Rated {
            amounts = List.copyOf(amounts);
        }
    }

    /**
     * Rates usage under a per-unit contract.
     *
     * @param uses each (job, scope, creator) at most once
     * @throws IllegalArgumentException for a contract with a flat price
     */
    public static Rated perUse(ContractDocument contract, List<Use> uses) {
        if (!(contract.pricing() instanceof Pricing.Micropay micropay)) {
            throw new IllegalArgumentException("contract " + contract.id() + " is not priced per use");
        }
        Rational price = rational(micropay.price().amount());
        SortedMap<Group, SortedMap<PartyId, Long>> groups = new TreeMap<>(Group.ORDER);
        for (Use use : uses) {
            SortedMap<PartyId, Long> creators =
                    groups.computeIfAbsent(new Group(use.job(), use.scope()), group -> new TreeMap<>());
            if (creators.put(use.creator(), use.works()) != null) {
                throw new IllegalArgumentException("usage of " + use.creator() + " in " + use.job() + " stands twice");
            }
        }
        List<Amount> amounts = new ArrayList<>();
        groups.forEach((group, creators) -> {
            long total = creators.values().stream().reduce(0L, Math::addExact);
            split(contract, price, Optional.of(group.job()), group.scope(), creators, total, 0, amounts);
        });
        return rated(amounts);
    }

    /**
     * Rates a flat contract, whole: there is nothing to add when more is used.
     *
     * @param works distinct works of each creator in the dataset version, at least 1 each
     * @throws IllegalArgumentException for a contract priced per use
     */
    public static Rated flat(ContractDocument contract, Map<PartyId, Long> works) {
        if (!(contract.pricing() instanceof Pricing.Flat flat)) {
            throw new IllegalArgumentException("contract " + contract.id() + " has no flat price");
        }
        long total = works.values().stream().reduce(0L, Math::addExact);
        if (total < 1) {
            throw new IllegalArgumentException("a dataset version has at least one work");
        }
        List<Amount> amounts = new ArrayList<>();
        Rational price = rational(flat.price().amount());
        split(contract, price, Optional.empty(), Scope.TRAINING, new TreeMap<>(works), total, total, amounts);
        return rated(amounts);
    }

    private record Group(JobId job, Scope scope) {
        static final Comparator<Group> ORDER = Comparator.comparing(Group::job).thenComparing(Group::scope);
    }

    private static void split(
            ContractDocument contract,
            Rational price,
            Optional<JobId> job,
            Scope scope,
            SortedMap<PartyId, Long> creators,
            long total,
            long of,
            List<Amount> amounts) {
        Rational fee = rational(contract.platformFeeShare());
        Rational rest = Rational.ONE.minus(fee);
        if (fee.signum() > 0) {
            Rational exact = parts(price.times(fee), total, of);
            amounts.add(new Amount(Optional.empty(), Statement.Basis.RECIPIENT, job, scope, total, of, fee, exact));
        }
        for (ContractPayout.Split split : sorted(contract)) {
            Rational share = rational(split.share());
            Rational each = price.times(rest).times(share);
            if (split.recipient().equals(ContractPayout.CREATORS)) {
                creators.forEach((creator, works) -> amounts.add(new Amount(
                        Optional.of(creator),
                        Statement.Basis.CREATOR,
                        job,
                        scope,
                        works,
                        of,
                        share,
                        parts(each, works, of))));
            } else {
                amounts.add(new Amount(
                        Optional.of(new PartyId(split.recipient())),
                        Statement.Basis.RECIPIENT,
                        job,
                        scope,
                        total,
                        of,
                        share,
                        parts(each, total, of)));
            }
        }
    }

    private static List<ContractPayout.Split> sorted(ContractDocument contract) {
        return contract.payout().splits().stream()
                .sorted(Comparator.comparing(ContractPayout.Split::recipient))
                .toList();
    }

    private static Rational parts(Rational each, long works, long of) {
        return of == 0 ? each.times(works) : each.times(Rational.of(works, of));
    }

    private static Rated rated(List<Amount> amounts) {
        Rational gross = Rational.ZERO;
        for (Amount amount : amounts) {
            gross = gross.plus(amount.exact());
        }
        return new Rated(gross, amounts);
    }

    private static Rational rational(BigDecimal decimal) {
        return new Rational(
                decimal.movePointRight(Math.max(decimal.scale(), 0)).toBigIntegerExact(),
                BigInteger.TEN.pow(Math.max(decimal.scale(), 0)));
    }
}
