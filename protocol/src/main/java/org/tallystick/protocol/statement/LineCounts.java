package org.tallystick.protocol.statement;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;

/** Counts of works that lines state, held against the distinct works that receipts prove, usage set by usage set. */
final class LineCounts {
    private final String reason;
    private final Map<Use.Key, Long> stated = new HashMap<>();

    /** @param reason to be given where a count is not borne out */
    LineCounts(String reason) {
        this.reason = reason;
    }

    /** A line. Several of one set, a use and an adjustment beside it, are counted together. */
    void add(Use.Key key, long uses) {
        stated.merge(key, uses, LineCounts::plus);
    }

    boolean has(Use.Key key) {
        return stated.containsKey(key);
    }

    /** The sum of two counts, or the greatest number there is, which no count of receipts equals. */
    private static long plus(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    void check(Map<Use.Key, Set<ContentId>> proven) {
        stated.forEach((key, uses) -> {
            int found = Optional.ofNullable(proven.get(key)).map(Set::size).orElse(0);
            if (found != uses) {
                throw new MalformedException(
                        reason,
                        "the lines of contract " + key.contract() + ", job " + key.job() + " count " + uses
                                + " uses, the receipts prove " + found);
            }
        });
    }

    /** Distinct works by usage set, of those uses that count. */
    static Map<Use.Key, Set<ContentId>> works(List<Use> uses, Predicate<Use> counts) {
        Map<Use.Key, Set<ContentId>> works = new HashMap<>();
        uses.stream()
                .filter(counts)
                .forEach(use -> Objects.requireNonNull(works.computeIfAbsent(use.key(), k -> new HashSet<>()))
                        .add(use.content()));
        return works;
    }

    static MalformedException unused(Use.Key key) {
        return new MalformedException("evidence/unused", "receipts of " + key + " stand behind no line");
    }
}
