package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.UsedWorks;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.statement.Statement;

/**
 * Everything a close depends on.
 *
 * @param platform the platform's name (origin of its log)
 * @param position size of the log
 * @param before the closes before it, from number 1
 * @param contracts all accepted below the position and before the period's end, by id
 */
public record CloseInput(
        String platform, Period period, long position, List<Period> before, List<OfContract> contracts, Past past) {
    public CloseInput {
        Objects.requireNonNull(platform);
        Objects.requireNonNull(past);
        before = List.copyOf(before);
        contracts = List.copyOf(contracts);
    }

    /** The number of the close to be made. */
    public int number() {
        return before.size() + 1;
    }

    /** The period of a close, this one included. */
    Period period(int number) {
        return number == number() ? period : before.get(number - 1);
    }

    /**
     * One contract.
     *
     * @param ranges each creator's run of ordinals in the dataset version granted
     * @param used what was used, by period of first use, this one included
     * @param billed what earlier closes billed or gave back, in their order
     * @param payeeTotals sums by payee, over all earlier statements
     * @param contractTotal sums over all earlier invoices
     */
    public record OfContract(
            Contract contract,
            List<CreatorRange> ranges,
            List<UsedWorks> used,
            List<BilledSet> billed,
            Map<PartyId, PayeeTotal> payeeTotals,
            ContractTotal contractTotal) {
        public OfContract {
            ranges = List.copyOf(ranges);
            used = List.copyOf(used);
            billed = List.copyOf(billed);
            payeeTotals = Map.copyOf(payeeTotals);
        }

        Currency currency() {
            return Currency.of(contract.document().pricing().price().currency());
        }

        /** Whether anything could have been done under it in the period. */
        boolean lives(Period period) {
            return contract.accepted().isBefore(period.to())
                    && contract.ends().isAfter(period.from())
                    && contract.revocation()
                            .map(revocation -> revocation.at().isAfter(period.from()))
                            .orElse(true);
        }
    }

    /**
     * Works of one usage set that one close billed, or gave back.
     *
     * @param close its number
     * @param usedIn number of the close in whose period they were first used
     * @param withdrawn whether that close gave back what an earlier one had billed for them
     * @param works ordinals, not to be changed
     */
    public record BilledSet(
            UsageKey key, Hash dataset, int close, int usedIn, boolean withdrawn, RoaringBitmap works) {}

    /**
     * Sums over all earlier statements for one contract and payee.
     *
     * @param exact in e of the contract's currency
     * @param posted in micros, the floor of the exact sum
     */
    public record PayeeTotal(Exact exact, BigInteger posted) {
        public static final PayeeTotal NOTHING = new PayeeTotal(Exact.ZERO, BigInteger.ZERO);
    }

    /**
     * Sums over all earlier invoices of one contract.
     *
     * @param gross exact, in e of the contract's currency
     * @param charged in micros
     * @param fee exact, in e; part of gross
     * @param feePosted in micros
     * @param flat whether a flat price has become due
     */
    public record ContractTotal(Exact gross, BigInteger charged, Exact fee, BigInteger feePosted, boolean flat) {
        public static final ContractTotal NOTHING =
                new ContractTotal(Exact.ZERO, BigInteger.ZERO, Exact.ZERO, BigInteger.ZERO, false);
    }

    /** Looks into earlier statements; from any thread. */
    public interface Past {
        /** Hash of the party's latest statement in a currency. */
        Optional<Hash> latest(PartyId party, Currency currency);

        /** A statement by its id. */
        Optional<Statement> statement(String id);
    }

    /** The end of each period, this one included. */
    public static List<Instant> ends(List<Period> before, Period period) {
        return java.util.stream.Stream.concat(before.stream(), java.util.stream.Stream.of(period))
                .map(Period::to)
                .toList();
    }
}
