package org.tallystick.platform.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.Pricing;

/** Prices usage by the terms of a contract, in e. Stateless. */
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
                        : rate(contract, Exact.of(micropay.price().amount()).times(all), new Parts(uses, all, 0));
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
                yield rate(contract, Exact.of(flat.price().amount()), new Parts(works, all, all));
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

    private static Rated rate(ContractDocument contract, Exact gross, Parts parts) {
        BigDecimal price = contract.pricing().price().amount();
        BigDecimal fee = contract.platformFeeShare();
        List<Amount> amounts = new ArrayList<>();
        for (ContractPayout.Split split : contract.payout().splits()) {
            if (split.recipient().equals(ContractPayout.CREATORS)) {
                parts.byCreator()
                        .forEach((creator, own) -> amounts.add(Amount.of(
                                creator,
                                Statement.Basis.CREATOR,
                                new Worth(price, fee, split.share(), own, parts.of()))));
            } else {
                amounts.add(Amount.of(
                        new PartyId(split.recipient()),
                        Statement.Basis.RECIPIENT,
                        new Worth(price, fee, split.share(), parts.all(), parts.of())));
            }
        }
        return new Rated(gross, feeOf(contract, parts), amounts);
    }

    /** The platform's fee: at most 24 decimals, so exact. */
    private static Exact feeOf(ContractDocument contract, Parts parts) {
        Exact unit = Exact.of(contract.pricing().price().amount().multiply(contract.platformFeeShare()));
        return parts.of() == 0 ? unit.times(parts.all()) : unit;
    }
}
