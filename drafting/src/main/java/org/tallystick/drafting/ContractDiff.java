package org.tallystick.drafting;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.Term;

/**
 * What differs between two versions of a contract, clause by clause, in words and in the members of its canonical form.
 * Two spellings of the same terms do not differ.
 */
public record ContractDiff(List<Change> changes) {
    /**
     * One clause, or one fact of the head, that differs.
     *
     * @param what id of the clause, or the name of the fact
     * @param lever what is negotiated by it; empty for facts of the head
     * @param before sentences of the first version; empty where it has no such clause
     * @param after sentences of the second; empty where it has none
     */
    public record Change(String what, String title, Optional<Lever> lever, List<String> before, List<String> after) {
        public Change {
            Objects.requireNonNull(what);
            Objects.requireNonNull(title);
            Objects.requireNonNull(lever);
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    public ContractDiff {
        changes = List.copyOf(changes);
    }

    /** From one version to another. */
    public static ContractDiff between(ContractDocument one, ContractDocument other) {
        List<Change> changes = new ArrayList<>();
        TreeMap<String, String> before = head(one);
        TreeMap<String, String> after = head(other);
        SequencedSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            Optional<String> was = Optional.ofNullable(before.get(name));
            Optional<String> is = Optional.ofNullable(after.get(name));
            if (!was.equals(is)) {
                changes.add(new Change(
                        name,
                        name,
                        Optional.empty(),
                        was.stream().toList(),
                        is.stream().toList()));
            }
        }
        for (Class<? extends Term> kind : ContractTerms.KINDS) {
            clause(one.terms().find(kind), other.terms().find(kind)).ifPresent(changes::add);
        }
        return new ContractDiff(changes);
    }

    private static TreeMap<String, String> head(ContractDocument document) {
        TreeMap<String, String> facts = new TreeMap<>();
        Json.Obj json = ContractDraft.of(document).json();
        for (String member : List.of("contractId", "datasetId", "datasetVersion", "buyerId", "curatorId", "replaces")) {
            json.get(member)
                    .ifPresent(value ->
                            facts.put(member, value instanceof Json.Str text ? text.value() : value.toString()));
        }
        return facts;
    }

    private static Optional<Change> clause(Optional<? extends Term> was, Optional<? extends Term> is) {
        if (was.equals(is)) {
            return Optional.empty();
        }
        Term shown = is.isPresent() ? is.get() : was.orElseThrow();
        Clause clause = Clauses.of(shown);
        return Optional.of(
                new Change(clause.id(), clause.title(), Optional.of(Lever.of(shown)), sentences(was), sentences(is)));
    }

    private static List<String> sentences(Optional<? extends Term> term) {
        List<String> all = new ArrayList<>();
        term.ifPresent(found -> {
            Clause clause = Clauses.of(found);
            all.addAll(clause.sentences());
            clause.duties().forEach(duty -> all.add(duty.sentence()));
        });
        return all;
    }

    /** Whether the two say the same. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** For people: each clause that differs, with the sentences that went ({@code -}) and came ({@code +}). */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Change change : changes) {
            String lever =
                    change.lever().map(found -> " [" + found.words() + "]").orElse("");
            lines.add(change.title() + lever);
            change.before().stream()
                    .filter(sentence -> !change.after().contains(sentence))
                    .forEach(sentence -> lines.add("  - " + sentence));
            change.after().stream()
                    .filter(sentence -> !change.before().contains(sentence))
                    .forEach(sentence -> lines.add("  + " + sentence));
        }
        return lines;
    }

    /** For programs. */
    public Json.Obj json() {
        return Json.object()
                .put("same", changes.isEmpty())
                .put(
                        "changes",
                        Json.array(changes.stream().map(ContractDiff::json).toList()))
                .build();
    }

    private static Json.Obj json(Change change) {
        Json.Builder out = Json.object().put("what", change.what()).put("title", change.title());
        change.lever().ifPresent(lever -> out.put("lever", lever.words()));
        return out.put("before", Json.strings(change.before()))
                .put("after", Json.strings(change.after()))
                .build();
    }
}
