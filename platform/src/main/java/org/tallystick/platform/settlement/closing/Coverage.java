package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;

/**
 * What a close must know to credit payees only what is covered: how far an operator guarantees for each contract's buyer,
 * and who of a contract still waits for the buyer's money.
 *
 * @param limits micros by contract; none for a contract nobody guarantees for
 * @param waiting payees that have something uncovered, by contract
 */
public record Coverage(Map<ContractId, BigInteger> limits, SortedMap<ContractId, SortedSet<PartyId>> waiting) {
    public Coverage {
        limits = Map.copyOf(limits);
        Objects.requireNonNull(waiting);
    }

    /** Reads who waits out of the names of accounts, see {@code Accounts.uncovered}. */
    public static SortedMap<ContractId, SortedSet<PartyId>> waiting(Iterable<String> accounts) {
        SortedMap<ContractId, SortedSet<PartyId>> waiting = new TreeMap<>();
        for (String account : accounts) {
            String[] parts = account.split(":", 3);
            int length = Integer.parseInt(parts[1]);
            ContractId contract = new ContractId(parts[2].substring(0, length));
            waiting.computeIfAbsent(contract, c -> new TreeSet<>()).add(new PartyId(parts[2].substring(length + 1)));
        }
        return waiting;
    }

    /** Contracts under which somebody waits, but for some. */
    public List<ContractId> others(Set<ContractId> but) {
        return waiting.keySet().stream()
                .filter(contract -> !but.contains(contract))
                .toList();
    }

    BigInteger limit(ContractId contract) {
        return limits.getOrDefault(contract, BigInteger.ZERO);
    }

    /** Who waits under a contract. */
    public Set<PartyId> waiting(ContractId contract) {
        SortedSet<PartyId> parties = waiting.get(contract);
        return parties == null ? Set.of() : parties;
    }

    /**
     * Splits what is uncovered among those who earned, by what each has not been credited yet: part, rounded up to the
     * micro, so that no more is credited than is covered.
     *
     * @param stocks micros not credited yet, not negative
     * @return micros of each that stay uncovered, in the same order
     */
    static List<BigInteger> split(BigInteger uncovered, List<BigInteger> stocks) {
        BigInteger all = stocks.stream().reduce(BigInteger.ZERO, BigInteger::add);
        BigInteger left = uncovered.min(all).max(BigInteger.ZERO);
        return stocks.stream()
                .map(stock -> left.signum() == 0
                        ? BigInteger.ZERO
                        : left.multiply(stock).add(all).subtract(BigInteger.ONE).divide(all))
                .toList();
    }
}
