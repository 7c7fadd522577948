package org.tallystick.protocol.statement;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.StatedAmount;

/**
 * Ties what a statement carries over from earlier ones to them, and its totals to its lines: a number that nothing ties
 * could be anything, and what is posted is what it leaves.
 */
final class CarriedOver {
    private final Statement statement;
    private final List<Issued> issued;

    /** @param issued the statement's own place in its close, then earlier statements, newest first */
    CarriedOver(Statement statement, List<Issued> issued) {
        this.statement = statement;
        this.issued = issued;
    }

    /**
     * Every sum that is carried on is the one in the payee's latest statement that has a sum of that contract. The earlier
     * statements are those that the hashes name, without a gap, so none can be passed over.
     */
    void checkChain() {
        Set<String> open = new HashSet<>();
        statement.contracts().forEach(total -> open.add(total.contract()));
        Statement newer = statement;
        for (Issued place : issued.subList(1, issued.size())) {
            Statement earlier = place.statement()
                    .orElseThrow(() -> new MalformedException("evidence/issued", "an earlier statement is not shown"));
            checkLink(newer, earlier);
            for (Statement.ContractTotal total : statement.contracts()) {
                if (open.contains(total.contract())) {
                    find(earlier, total.contract()).ifPresent(before -> {
                        checkSame(total, before);
                        open.remove(total.contract());
                    });
                }
            }
            newer = earlier;
        }
        if (!open.isEmpty() && newer.previous().isPresent()) {
            throw new MalformedException(
                    "evidence/previous",
                    "the statement before " + newer.id() + " is not shown, which "
                            + newer.previous().get() + " names");
        }
        for (Statement.ContractTotal total : statement.contracts()) {
            if (open.contains(total.contract()) && total.exactBefore().toExact().signum() != 0) {
                throw new MalformedException(
                        "statement/before",
                        "no earlier statement has a sum of contract " + total.contract() + ", this one carries over "
                                + total.exactBefore());
            }
        }
    }

    private static void checkLink(Statement newer, Statement earlier) {
        Hash hash = earlier.hash();
        if (!newer.previous().equals(Optional.of(hash))
                || !earlier.party().equals(newer.party())
                || !earlier.currency().equals(newer.currency())
                || !earlier.platform().equals(newer.platform())
                || earlier.to().isAfter(newer.from())) {
            throw new MalformedException(
                    "evidence/previous", "statement " + earlier.id() + " is not the one before " + newer.id());
        }
    }

    private static Optional<Statement.ContractTotal> find(Statement earlier, String contract) {
        return earlier.contracts().stream()
                .filter(total -> total.contract().equals(contract))
                .findFirst();
    }

    private static void checkSame(Statement.ContractTotal total, Statement.ContractTotal before) {
        if (!total.exactBefore().toExact().equals(before.exactAfter())
                || !total.postedBefore().equals(before.postedBefore().add(before.posted()))) {
            throw new MalformedException(
                    "statement/before",
                    "contract " + total.contract() + " carries over " + total.exactBefore()
                            + ", the statement before it " + "ends with " + before.exactAfter());
        }
    }

    /** What was posted before is the exact sum before, rounded down; a first statement has nothing before it. */
    private static void checkBefore(Statement statement, Statement.ContractTotal total) {
        BigInteger floor = total.exactBefore().floorMicros();
        boolean first = statement.previous().isEmpty();
        if (!floor.equals(total.postedBefore())
                || (first && !total.exactBefore().equals(statement.notation().zero()))) {
            throw new MalformedException(
                    "statement/before",
                    "contract " + total.contract() + " carries over " + Statement.micros(total.postedBefore())
                            + " posted of an exact " + total.exactBefore()
                            + (first ? ", though no statement came before" : ""));
        }
    }

    /** Totals are the sums of the lines, and what is posted follows from them. */
    static void checkTotals(Statement statement) {
        Map<String, StatedAmount> sums = new HashMap<>();
        for (Statement.Line line : statement.lines()) {
            sums.merge(line.contract(), line.exact(), StatedAmount::plus);
        }
        Set<String> seen = new HashSet<>();
        for (Statement.ContractTotal total : statement.contracts()) {
            StatedAmount sum =
                    sums.getOrDefault(total.contract(), statement.notation().zero());
            if (!seen.add(total.contract()) || !sum.equals(total.exact())) {
                throw new MalformedException(
                        "statement/contract-total", "the lines of contract " + total.contract() + " come to " + sum);
            }
            checkBefore(statement, total);
            BigInteger due = Statement.ContractTotal.toPost(total.exactBefore(), total.exact(), total.postedBefore());
            if (!due.equals(total.posted())) {
                throw new MalformedException(
                        "statement/posted",
                        "contract " + total.contract() + " posts " + Statement.micros(total.posted()) + ", due is "
                                + Statement.micros(due));
            }
        }
        if (!seen.containsAll(sums.keySet())) {
            throw new MalformedException("statement/contract-total", "a contract of a line has no total");
        }
    }
}
