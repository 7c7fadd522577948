package org.tallystick.protocol.statement;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.StatedAmount;

/**
 * Ties what a paper carries over from earlier ones to them, and its totals to its lines: a number that nothing ties
 * could be anything, and what is posted is what it leaves.
 */
final class CarriedOver {
    private final Paper paper;
    private final List<Issued> issued;

    /** @param issued the paper's own place in its close, then earlier papers, newest first */
    CarriedOver(Paper paper, List<Issued> issued) {
        this.paper = paper;
        this.issued = issued;
    }

    /**
     * Every sum that is carried on is the one in the latest earlier paper that has a sum of that contract. The earlier
     * papers are those that the hashes name, without a gap, so none can be passed over.
     */
    void checkChain() {
        Set<String> open = new HashSet<>();
        paper.contracts().forEach(total -> open.add(total.contract()));
        Paper newer = paper;
        for (Issued place : issued.subList(1, issued.size())) {
            Paper earlier = place.paper()
                    .orElseThrow(() -> new MalformedException("evidence/issued", "an earlier paper is not shown"));
            checkLink(newer, earlier);
            for (Statement.ContractTotal total : paper.contracts()) {
                if (open.contains(total.contract())) {
                    find(earlier, total.contract()).ifPresent(before -> {
                        checkSame(earlier, total, before);
                        open.remove(total.contract());
                    });
                }
            }
            newer = earlier;
        }
        if (!open.isEmpty() && newer.previous().isPresent()) {
            throw new MalformedException(
                    "evidence/previous",
                    "the " + newer.noun() + " before " + newer.id() + " is not shown, which "
                            + newer.previous().get() + " names");
        }
        for (Statement.ContractTotal total : paper.contracts()) {
            if (open.contains(total.contract()) && total.exactBefore().toExact().signum() != 0) {
                throw new MalformedException(
                        paper.noun() + "/before",
                        "no earlier " + paper.noun() + " has a sum of contract " + total.contract()
                                + ", this one carries over " + total.exactBefore());
            }
        }
    }

    private static void checkLink(Paper newer, Paper earlier) {
        if (!newer.previous().equals(Optional.of(earlier.hash())) || !newer.goesOnFrom(earlier)) {
            throw new MalformedException(
                    "evidence/previous", newer.noun() + " " + earlier.id() + " is not the one before " + newer.id());
        }
    }

    private static Optional<Statement.ContractTotal> find(Paper earlier, String contract) {
        return earlier.contracts().stream()
                .filter(total -> total.contract().equals(contract))
                .findFirst();
    }

    private static void checkSame(Paper earlier, Statement.ContractTotal total, Statement.ContractTotal before) {
        if (!total.exactBefore().toExact().equals(before.exactAfter())
                || !total.postedBefore().equals(before.postedBefore().add(before.posted()))) {
            throw new MalformedException(
                    earlier.noun() + "/before",
                    "contract " + total.contract() + " carries over " + total.exactBefore() + ", " + earlier.id()
                            + " ends with " + before.exactAfter());
        }
    }

    /** What was posted before is the exact sum before, rounded down; a first statement has nothing before it. */
    private static void checkBefore(Paper paper, Statement.ContractTotal total) {
        BigInteger floor = total.exactBefore().floorMicros();
        boolean first = paper.previous().isEmpty();
        if (!floor.equals(total.postedBefore())
                || (first && !total.exactBefore().equals(paper.notation().zero()))) {
            throw new MalformedException(
                    paper.noun() + "/before",
                    "contract " + total.contract() + " carries over " + Statement.micros(total.postedBefore())
                            + " posted of an exact " + total.exactBefore()
                            + (first ? ", though none came before" : ""));
        }
    }

    /** Totals are the sums of the lines, and what is posted or charged follows from them. */
    static void checkTotals(Paper paper) {
        Map<String, StatedAmount> sums = paper.sums();
        Set<String> seen = new HashSet<>();
        for (Statement.ContractTotal total : paper.contracts()) {
            StatedAmount sum =
                    sums.getOrDefault(total.contract(), paper.notation().zero());
            if (!seen.add(total.contract()) || !sum.equals(total.exact())) {
                throw new MalformedException(
                        paper.noun() + "/contract-total",
                        "the lines of contract " + total.contract() + " come to " + sum);
            }
            checkBefore(paper, total);
            BigInteger due = Statement.ContractTotal.toPost(total.exactBefore(), total.exact(), total.postedBefore());
            if (!due.equals(total.posted())) {
                throw new MalformedException(
                        paper.noun() + "/posted",
                        "contract " + total.contract() + " posts " + Statement.micros(total.posted()) + ", due is "
                                + Statement.micros(due));
            }
        }
        if (!seen.containsAll(sums.keySet())) {
            throw new MalformedException(paper.noun() + "/contract-total", "a contract of a line has no total");
        }
    }
}
