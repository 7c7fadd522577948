package org.tallystick.platform.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Rational;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.Pricing;

/** Prices usage by the terms of a contract. Stateless. */
public final class Rater {
    private Rater() {}

    /**
     * What the uses of one set cost. Nothing under a flat price, which pays for any number of uses: see {@link #flat}.
     *
     * @param uses distinct works by creator, each at least 1
     */
    public static Rated uses(ContractDocument contract, SortedMap<PartyId, Long> uses) {
        return switch (contract.pricing()) {
            case Pricing.Micropay micropay -> {
                long all = uses.values().stream().reduce(0L, Math::addExact);
                yield all == 0
                        ? Rated.NOTHING
                        : rate(contract, rational(micropay.price().amount()).times(all), new Parts(uses, all, 0));
            }
            case Pricing.Flat ignored -> Rated.NOTHING;
        };
    }

    /**
     * What a flat price comes to for each payee: to creators by how many of the version's works are theirs. Nothing
     * under any other price.
     *
     * @param works of the dataset version by creator, each at least 1
     */
    public static Rated flat(ContractDocument contract, SortedMap<PartyId, Long> works) {
        return switch (contract.pricing()) {
            case Pricing.Flat flat -> {
                long all = works.values().stream().reduce(0L, Math::addExact);
                yield rate(contract, rational(flat.price().amount()), new Parts(works, all, all));
            }
            case Pricing.Micropay ignored -> Rated.NOTHING;
        };
    }

    /**
     * How much of the whole each creator has.
     *
     * @param all sum over the creators
     * @param of the whole that a single part is a part of, or 0 where each part is priced by itself
     */
    private record Parts(SortedMap<PartyId, Long> byCreator, long all, long of) {}

    private static Rated rate(ContractDocument contract, Rational gross, Parts parts) {
        BigDecimal price = contract.pricing().price().amount();
        BigDecimal fee = contract.platformFeeShare();
        Rational rest = rational(price).times(rational(BigDecimal.ONE.subtract(fee)));
        List<Amount> amounts = new ArrayList<>();
        for (ContractPayout.Split split : contract.payout().splits()) {
            Each each = new Each(price, fee, split.share(), rest.times(rational(split.share())), parts.of());
            if (split.recipient().equals(ContractPayout.CREATORS)) {
                parts.byCreator()
                        .forEach((creator, part) -> amounts.add(each.amount(creator, Statement.Basis.CREATOR, part)));
            } else {
                amounts.add(each.amount(new PartyId(split.recipient()), Statement.Basis.RECIPIENT, parts.all()));
            }
        }
        return new Rated(gross, gross.times(rational(fee)), amounts);
    }

    /**
     * What one use earns by one split.
     *
     * @param unit price x (1 - fee) x share
     * @param of as in {@link Parts}
     */
    private record Each(BigDecimal price, BigDecimal fee, BigDecimal share, Rational unit, long of) {
        Amount amount(PartyId payee, Statement.Basis basis, long uses) {
            Rational exact = of == 0 ? unit.times(uses) : unit.times(Rational.of(uses, of));
            return new Amount(payee, basis, uses, of, price, fee, share, exact);
        }
    }

    /** The exact value of a decimal. */
    static Rational rational(BigDecimal decimal) {
        return decimal.scale() <= 0
                ? new Rational(decimal.toBigIntegerExact(), java.math.BigInteger.ONE)
                : new Rational(decimal.unscaledValue(), java.math.BigInteger.TEN.pow(decimal.scale()));
    }
}
