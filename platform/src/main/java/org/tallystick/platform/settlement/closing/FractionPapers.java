package org.tallystick.platform.settlement.closing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.statement.Statement;

/**
 * Puts the result of a close into the notation of version 1, in which closes up to release 0.1.0 are in the log, so that
 * they can be computed again to the byte. What is posted is the same in both: an amount in e is the floor of the fraction,
 * so both have the same floor to the micro. Keeps each payee's sum as a fraction; told the closes of version 1 in their
 * order, from the first of the log. Not thread-safe.
 */
public final class FractionPapers {
    private static final Notation NOTATION = Notation.FRACTIONS;

    private record Payee(String contract, String party) {}

    private final Map<Payee, StatedAmount> sums = new HashMap<>();

    /** The same close with statements, and so invoices, of version 1. */
    public CloseResult restate(CloseResult result) {
        List<Sealed> statements = result.statements().stream()
                .map(item -> Sealed.of(restate(item.statement())))
                .toList();
        return new CloseResult(NOTATION, statements, result.contracts(), result.setAside());
    }

    private Statement restate(Statement statement) {
        List<Statement.Line> lines =
                statement.lines().stream().map(line -> line.in(NOTATION)).toList();
        return new Statement(
                NOTATION,
                statement.platform(),
                statement.party(),
                statement.period(),
                statement.from(),
                statement.to(),
                statement.currency(),
                statement.position(),
                statement.previous(),
                lines,
                statement.contracts().stream()
                        .map(total -> restate(statement.party(), total, lines))
                        .toList());
    }

    private Statement.ContractTotal restate(String party, Statement.ContractTotal total, List<Statement.Line> lines) {
        StatedAmount exact = lines.stream()
                .filter(line -> line.contract().equals(total.contract()))
                .map(Statement.Line::exact)
                .reduce(NOTATION.zero(), StatedAmount::plus);
        Payee payee = new Payee(total.contract(), party);
        StatedAmount before = sums.getOrDefault(payee, NOTATION.zero());
        sums.put(payee, before.plus(exact));
        return new Statement.ContractTotal(total.contract(), before, exact, total.postedBefore(), total.posted());
    }
}
