package org.tallystick.platform.settlement.closing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.statement.Statement;

/**
 * Closes a period as a pure function: the same input gives the same statements to the byte. Reads nothing, writes
 * nothing, knows no clock.
 *
 * <p>Billing is by difference: a work that is used and in no invoice yet becomes due, in a line of the period of its
 * first use; a work in an invoice all of whose deliveries have been withdrawn is given back. So it does not matter when
 * a receipt arrives, only whether it has.
 */
public final class CloseCalculator {
    private CloseCalculator() {}

    private record Payee(PartyId party, Currency currency) implements Comparable<Payee> {
        private static final Comparator<Payee> ORDER =
                Comparator.comparing(Payee::party).thenComparing(Payee::currency);

        @Override
        public int compareTo(Payee other) {
            return ORDER.compare(this, other);
        }
    }

    /** What a payee's statement is gathered from, contract by contract. */
    private static final class Gathered {
        final List<Statement.Line> lines = new ArrayList<>();
        final List<Statement.ContractTotal> totals = new ArrayList<>();
    }

    public static CloseResult of(CloseInput input) {
        // Contracts know nothing of one another, and neither do statements: each is a matter for any core.
        List<Rating> ratings =
                input.contracts().parallelStream().map(of -> rate(input, of)).toList();
        List<ContractCloseCalculator> closings = ratings.stream()
                .flatMap(rating -> rating.closing().stream())
                .filter(ContractCloseCalculator::concerns)
                .toList();
        SortedMap<Payee, Gathered> payees = new TreeMap<>();
        for (ContractCloseCalculator closing : closings) {
            for (Map.Entry<PartyId, List<Statement.Line>> entry :
                    closing.lines().entrySet()) {
                Payee payee = new Payee(entry.getKey(), closing.currency());
                Gathered gathered = payees.computeIfAbsent(payee, p -> new Gathered());
                gathered.lines.addAll(entry.getValue());
                gathered.totals.add(closing.total(entry.getKey()));
            }
        }
        List<Sealed> statements = payees.entrySet().parallelStream()
                .map(entry -> Sealed.of(statement(input, entry.getKey(), entry.getValue())))
                .sorted(Comparator.comparing(Sealed::id))
                .toList();
        return new CloseResult(
                Notation.DECIMALS,
                statements,
                closings.stream().map(ContractCloseCalculator::result).toList(),
                ratings.stream().flatMap(rating -> rating.setAside().stream()).toList());
    }

    /** A contract rated, or why it is not: one of the two. */
    private record Rating(Optional<ContractCloseCalculator> closing, Optional<SetAside> setAside) {}

    /** What fails for reasons of its own, a database that does not answer, fails the close, which is then tried again. */
    private static Rating rate(CloseInput input, CloseInput.OfContract of) {
        ContractCloseCalculator closing = new ContractCloseCalculator(input, of);
        try {
            return new Rating(Optional.of(closing.rate()), Optional.empty());
        } catch (ArithmeticException
                | IllegalArgumentException
                | IllegalStateException
                | MalformedException
                | RefusedException e) {
            return new Rating(
                    Optional.empty(), Optional.of(SetAside.because(of.contract().id(), e)));
        }
    }

    private static Statement statement(CloseInput input, Payee payee, Gathered gathered) {
        return new Statement(
                Notation.DECIMALS,
                input.platform(),
                payee.party().value(),
                input.period().id(),
                input.period().from(),
                input.period().to(),
                payee.currency().code(),
                input.position(),
                Objects.requireNonNull(input.past().latest(payee.party(), payee.currency())),
                gathered.lines,
                gathered.totals);
    }
}
