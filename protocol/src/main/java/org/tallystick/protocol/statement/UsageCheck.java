package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.usage.AmountLeaf;
import org.tallystick.protocol.usage.ContractOpening;
import org.tallystick.protocol.usage.SetOpening;
import org.tallystick.protocol.usage.UsageNames;
import org.tallystick.protocol.usage.UsedCount;

/**
 * Ties a statement to what its close commits to of uses: every set of every contract is opened to the payee, as it stood after
 * this close and after that of the payee's statement before. What came to be used between the two are the receipts shown,
 * what ceased to be are the receipts taken back, and all that stands comes to the sum due. So no receipt of the payee's works
 * can be left out, nor a set, nor any part of the sum.
 */
final class UsageCheck {
    private final Statement statement;
    private final StatementEvidence evidence;
    private final Map<String, ContractDocument> contracts;
    private final Map<Hash, ShownVersion> versions;
    private final Map<String, Map<Hash, Uses>> uses = new HashMap<>();
    private final Map<Long, CloseEntry> closes = new HashMap<>();
    private final Set<OpenedUsage> needed = new HashSet<>();

    /** Receipts shown of one set. */
    private static final class Uses {
        final Set<Long> own = new TreeSet<>();
        final Set<Long> ownBack = new TreeSet<>();
        final Set<Long> all = new HashSet<>();
        final Set<Long> allBack = new HashSet<>();
    }

    private static final Uses NONE = new Uses();

    UsageCheck(
            Statement statement,
            StatementEvidence evidence,
            Map<String, ContractDocument> contracts,
            Map<Hash, ShownVersion> versions) {
        this.statement = statement;
        this.evidence = evidence;
        this.contracts = contracts;
        this.versions = versions;
        evidence.documents().stream()
                .filter(document -> document.type().equals(LoggedDocument.CLOSE))
                .forEach(document -> closes.put(document.position(), CloseEntry.of(document)));
    }

    /**
     * Adds a use that a receipt shows.
     *
     * @param ordinal of the work
     */
    void use(Use.Key key, boolean own, boolean withdrawn, long ordinal) {
        Hash set = UsageNames.id(UsageNames.set(key.contract(), key.job(), key.scope()));
        Uses of = uses.computeIfAbsent(key.contract(), contract -> new HashMap<>())
                .computeIfAbsent(set, id -> new Uses());
        (withdrawn ? of.allBack : of.all).add(ordinal);
        if (own) {
            (withdrawn ? of.ownBack : of.own).add(ordinal);
        }
    }

    /** @throws MalformedException {@code usage/…} where statement, receipts and what the closes commit to are not one */
    void check() {
        for (Statement.ContractTotal total : statement.contracts()) {
            contract(total);
        }
        if (evidence.usage().size() != needed.size()) {
            throw new MalformedException("usage/surplus", "more is shown of closes than the statement rests on");
        }
    }

    private void contract(Statement.ContractTotal total) {
        ContractDocument contract = Optional.ofNullable(contracts.get(total.contract()))
                .orElseThrow(() -> new MalformedException(
                        "evidence/contract", "contract " + total.contract() + " of a total is not here"));
        ShownVersion version = contract.datasetVersion()
                .flatMap(root -> Optional.ofNullable(versions.get(root)))
                .orElseThrow(() -> new MalformedException(
                        "evidence/members", "where the works of the payee lie in the dataset version is not shown"));
        ContractOpening now = opened(evidence.issued().getFirst().close(), contract, version);
        checkAmount(now, statement, total.exactAfter(), total);
        Optional<Issued> earlier = before(total.contract());
        Optional<ContractOpening> before = Optional.empty();
        if (earlier.isPresent() && entry(earlier.get().close()).salted()) {
            ContractOpening opening = opened(earlier.get().close(), contract, version);
            Statement issued = (Statement) earlier.get().paper().orElseThrow();
            checkAmount(opening, issued, total.exactBefore().toExact(), find(issued, total.contract()));
            before = Optional.of(opening);
        }
        if (contract.pricing() instanceof Pricing.Flat) {
            return;
        }
        boolean first = earlier.isEmpty();
        if (first || before.isPresent()) {
            compare(contract, now, before);
        } else {
            contained(contract, now);
        }
        Exact due = due(contract, now);
        if (!due.equals(total.exactAfter())) {
            throw new MalformedException(
                    "usage/amount",
                    "the uses that stand under contract " + contract.id() + " come to " + due
                            + ", the statements so far to " + total.exactAfter());
        }
    }

    /** The latest statement before this one that has a sum of the contract. */
    private Optional<Issued> before(String contract) {
        return evidence.issued().stream()
                .skip(1)
                .filter(place -> place.paper()
                        .map(earlier -> earlier.contracts().stream()
                                .anyMatch(total -> total.contract().equals(contract)))
                        .orElse(false))
                .findFirst();
    }

    private static Statement.ContractTotal find(Statement issued, String contract) {
        return issued.contracts().stream()
                .filter(total -> total.contract().equals(contract))
                .findFirst()
                .orElseThrow();
    }

    private CloseEntry entry(long close) {
        return Objects.requireNonNull(closes.get(close), "checked with the statement's place");
    }

    private ContractOpening opened(long close, ContractDocument contract, ShownVersion version) {
        OpenedUsage usage = evidence.usage().stream()
                .filter(shown ->
                        shown.close() == close && shown.opening().contract().equals(contract.id()))
                .findFirst()
                .orElseThrow(() -> new MalformedException(
                        "usage/missing",
                        "what the close at " + close + " commits to of contract " + contract.id() + " is not shown"));
        needed.add(usage);
        entry(close).check(usage);
        checkPlace(contract, version, usage.opening());
        return usage.opening();
    }

    /** Every set opens the payee's run of works, all of them at one place, and whoever is paid on all works their number. */
    private void checkPlace(ContractDocument contract, ShownVersion version, ContractOpening opening) {
        Optional<ShownVersion.Run> run = version.run(statement.party());
        boolean all = isRecipient(contract);
        Set<Integer> places = new HashSet<>();
        for (SetOpening set : opening.sets()) {
            Optional<ShownVersion.Run> shown =
                    set.creator().map(creator -> new ShownVersion.Run(creator.from(), creator.to()));
            if (!shown.equals(run) || set.used().isPresent() != all) {
                throw new MalformedException(
                        "usage/place",
                        "a set of contract " + contract.id() + " does not open what " + statement.party()
                                + " is paid on");
            }
            set.creator().ifPresent(creator -> places.add(creator.creator()));
        }
        boolean one = places.isEmpty()
                || (places.size() == 1
                        && run.map(of -> fits(of, places.iterator().next(), opening))
                                .orElse(false));
        if (opening.works() != version.size() || !one) {
            throw new MalformedException(
                    "usage/place",
                    "the place of " + statement.party() + " in the sets of contract " + contract.id()
                            + " is not that in the dataset version");
        }
    }

    /** Every creator has a work, so there are at most as many before and after a run as there are works. */
    private static boolean fits(ShownVersion.Run run, int creator, ContractOpening opening) {
        int after = opening.creators() - 1 - creator;
        return creator <= run.from()
                && after <= opening.works() - run.to()
                && (creator == 0) == (run.from() == 0)
                && (after == 0) == (run.to() == opening.works());
    }

    private void checkAmount(ContractOpening opening, Statement issued, Exact due, Statement.ContractTotal total) {
        AmountLeaf leaf = opening.amount()
                .orElseThrow(() -> new MalformedException("usage/amount", "what the payee is due is not opened"))
                .leaf();
        List<Statement.Line> lines = issued.lines().stream()
                .filter(line -> line.contract().equals(opening.contract()))
                .toList();
        if (!leaf.payee().equals(statement.party())
                || !leaf.due().equals(due)
                || !leaf.posted().equals(total.postedBefore().add(total.posted()))
                || !leaf.lines().equals(Statement.linesHash(lines))) {
            throw new MalformedException(
                    "usage/amount",
                    "statement " + issued.id() + " says something else of contract " + opening.contract()
                            + " than its close commits to");
        }
    }

    private boolean isRecipient(ContractDocument contract) {
        return contract.payout().splits().stream()
                .anyMatch(split -> split.recipient().equals(statement.party()));
    }

    private static boolean paysCreators(ContractDocument contract) {
        return contract.payout().splits().stream()
                .anyMatch(split -> split.recipient().equals(ContractPayout.CREATORS));
    }

    /** What changed between two closes, or since there was nothing, is what the receipts show. */
    private void compare(ContractDocument contract, ContractOpening now, Optional<ContractOpening> before) {
        for (Hash id : sets(contract, now, before)) {
            Optional<SetOpening> after = now.set(id);
            Optional<SetOpening> earlier = before.flatMap(opening -> opening.set(id));
            Uses shown = shown(contract, id);
            if (paysCreators(contract)) {
                Set<Long> used = own(after);
                Set<Long> usedBefore = own(earlier);
                checkSame(contract, shown.own, minus(used, usedBefore));
                checkSame(contract, shown.ownBack, minus(usedBefore, used));
            }
            if (isRecipient(contract)) {
                long change = count(after) - count(earlier);
                checkSame(contract, shown.all.size() - (long) shown.allBack.size(), change);
            }
        }
    }

    /**
     * The first statement after the log's change of format: what stood before it was committed to by no close, so the receipts
     * are some of what stands, and what was taken back is none of it.
     */
    private void contained(ContractDocument contract, ContractOpening now) {
        if (!paysCreators(contract)) {
            return;
        }
        for (Hash id : sets(contract, now, Optional.empty())) {
            Set<Long> used = own(now.set(id));
            Uses shown = shown(contract, id);
            checkSame(contract, Set.of(), minus(shown.own, used));
            checkSame(contract, shown.ownBack, minus(shown.ownBack, used));
        }
    }

    private Set<Hash> sets(ContractDocument contract, ContractOpening now, Optional<ContractOpening> before) {
        Set<Hash> ids = new HashSet<>(uses.getOrDefault(contract.id(), Map.of()).keySet());
        now.sets().forEach(set -> ids.add(set.set()));
        before.ifPresent(opening -> opening.sets().forEach(set -> ids.add(set.set())));
        return ids;
    }

    private Uses shown(ContractDocument contract, Hash set) {
        return uses.getOrDefault(contract.id(), Map.of()).getOrDefault(set, NONE);
    }

    private static void checkSame(ContractDocument contract, Object shown, Object committed) {
        if (!shown.equals(committed)) {
            throw new MalformedException(
                    "usage/uses",
                    "under contract " + contract.id() + " the receipts show other uses, " + shown
                            + ", than the closes commit to, " + committed);
        }
    }

    private static Set<Long> minus(Set<Long> some, Set<Long> others) {
        Set<Long> left = new TreeSet<>(some);
        left.removeAll(others);
        return left;
    }

    /** The payee's works that stand as used in a set. */
    private static Set<Long> own(Optional<SetOpening> set) {
        Set<Long> own = new TreeSet<>();
        set.flatMap(SetOpening::creator).ifPresent(creator -> {
            for (int ordinal = creator.from(); ordinal < creator.to(); ordinal++) {
                if (creator.used(ordinal)) {
                    own.add((long) ordinal);
                }
            }
        });
        return own;
    }

    private static long count(Optional<SetOpening> set) {
        return set.flatMap(SetOpening::used).map(UsedCount::works).orElse(0L);
    }

    /** What all uses that stand are worth to the payee: a price by the use is the same whenever a use was billed. */
    private Exact due(ContractDocument contract, ContractOpening now) {
        long own = now.sets().stream()
                .mapToLong(set -> set.creator()
                        .map(creator -> creator.blocks().usedWorks())
                        .orElse(0L))
                .sum();
        long all = now.sets().stream().mapToLong(set -> count(Optional.of(set))).sum();
        Exact due = Exact.ZERO;
        for (ContractPayout.Split split : contract.payout().splits()) {
            if (split.recipient().equals(ContractPayout.CREATORS)) {
                due = due.plus(worth(contract, split.share(), own));
            } else if (split.recipient().equals(statement.party())) {
                due = due.plus(worth(contract, split.share(), all));
            }
        }
        return due;
    }

    private static Exact worth(ContractDocument contract, BigDecimal share, long uses) {
        if (uses == 0) {
            return Exact.ZERO;
        }
        return new Worth(contract.pricing().price().amount(), contract.platformFeeShare(), share, uses, 0).exact();
    }
}
