package org.tallystick.protocol.statement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * The papers that the log issued to one payee, or under one contract, in their order: whether one of them is the paper in
 * question, which came before it, and what later ones say of it. Used by one thread.
 */
final class Papers {
    /** Types of the entries that hold what a close issued. */
    static final String STATEMENTS = "close-statements";

    static final String INVOICES = "close-invoices";

    private final Paper paper;
    private final Map<Long, String> periods = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<String> later = new ArrayList<>();
    private Optional<Long> own = Optional.empty();
    private Optional<Hash> before = Optional.empty();
    private boolean found;
    private boolean missing;

    Papers(Paper paper) {
        this.paper = paper;
    }

    /** Some papers cannot be read. */
    void missing() {
        missing = true;
    }

    void close(long number, String period) {
        periods.put(number, period);
        if (period.equals(paper.period())) {
            own = Optional.of(number);
        }
    }

    /** Papers of a close. */
    void issued(String type, Fields body) {
        boolean invoices = type.equals(INVOICES);
        if (invoices != paper instanceof Invoice) {
            return;
        }
        long number = body.integer("number", 1, Integer.MAX_VALUE);
        for (Fields item : body.objects("items")) {
            Fields issued = invoices ? item.fields("invoice") : item;
            if (isSame(issued)) {
                one(number, issued.object());
            }
        }
    }

    /** Whether a paper is for the same payee or contract. */
    private boolean isSame(Fields issued) {
        return switch (paper) {
            case Statement statement ->
                issued.text("party").equals(statement.party())
                        && issued.text("currency").equals(statement.currency());
            case Invoice invoice -> issued.text("contract").equals(invoice.contract());
        };
    }

    private void one(long number, Json.Obj issued) {
        Paper read = paper instanceof Invoice ? Invoice.of(issued) : Statement.of(issued);
        Hash hash = Sha256.hash(Jcs.bytes(issued));
        if (own.isEmpty() || number < own.get()) {
            before = Optional.of(hash);
            lines.put(
                    read.id(),
                    read instanceof Statement statement ? statement.lines().size() : 0);
        } else if (number > own.get()) {
            corrections(read).ifPresent(later::add);
        } else if (found || !hash.equals(paper.hash())) {
            throw new MalformedException(
                    "log/another-paper", "the log's close of " + paper.period() + " issued another " + paper.noun());
        } else {
            found = true;
        }
    }

    private Optional<String> corrections(Paper read) {
        long correcting = switch (read) {
            case Statement statement ->
                statement.lines().stream()
                        .flatMap(line -> line.corrects().stream())
                        .filter(id -> id.equals(paper.id()) || id.startsWith(paper.id() + "/"))
                        .count();
            case Invoice invoice ->
                invoice.lines().stream()
                        .flatMap(line -> line.usedIn().stream())
                        .filter(paper.period()::equals)
                        .count();
        };
        return correcting == 0
                ? Optional.empty()
                : Optional.of(correcting + " lines of " + read.noun() + " " + read.id() + ", period " + read.period()
                        + ", correct it: what came late or was taken back");
    }

    List<String> later() {
        return later;
    }

    /**
     * @param checked what holds is added
     * @return what could not be seen
     * @throws MalformedException {@code log/…}
     */
    List<String> finish(List<String> checked) {
        if (missing) {
            return List.of(
                    "the papers themselves, which are longer than an entry and not at hand: whether the close issued"
                            + " this one, which came before it and whether a later one corrects it");
        }
        if (!found) {
            throw new MalformedException(
                    "log/another-paper",
                    "the log's close of " + paper.period() + " did not issue this " + paper.noun());
        }
        boolean old =
                paper instanceof Invoice && paper.notation() == org.tallystick.protocol.pricing.Notation.FRACTIONS;
        if (!old && !before.equals(paper.previous())) {
            throw new MalformedException(
                    "log/previous",
                    before.isPresent()
                            ? "the " + paper.noun() + " before it in the log is another than it names, or it names none"
                            : "it names a " + paper.noun() + " before it, and the log has none");
        }
        corrects();
        checked.add("the close issued it, and it goes on from the " + paper.noun() + " before it in the log, if any");
        return List.of();
    }

    /** What it says it corrects is of a period closed before it. */
    private void corrects() {
        Set<String> earlier = new HashSet<>();
        periods.forEach((number, period) -> {
            if (own.isPresent() && number < own.get()) {
                earlier.add(period);
            }
        });
        switch (paper) {
            case Statement statement ->
                statement.lines().stream()
                        .flatMap(line -> line.corrects().stream())
                        .forEach(id -> {
                            boolean known = lines.entrySet().stream()
                                            .anyMatch(entry -> isLine(id, entry.getKey(), entry.getValue()))
                                    || earlier.stream()
                                            .map(period -> Statement.id(
                                                    statement.platform(),
                                                    period,
                                                    statement.party(),
                                                    statement.currency()))
                                            .anyMatch(id::equals);
                            checkKnown(known, id);
                        });
            case Invoice invoice ->
                invoice.lines().stream()
                        .flatMap(line -> line.usedIn().stream())
                        .forEach(period -> checkKnown(earlier.contains(period), period));
        }
    }

    private static boolean isLine(String id, String statement, int lines) {
        return id.startsWith(statement + "/")
                && id.substring(statement.length() + 1).matches("[1-9][0-9]{0,8}")
                && Integer.parseInt(id.substring(statement.length() + 1)) <= lines;
    }

    private static void checkKnown(boolean known, String what) {
        if (!known) {
            throw new MalformedException(
                    "log/corrects", "the log has nothing before it that " + Fields.shown(what) + " names");
        }
    }
}
