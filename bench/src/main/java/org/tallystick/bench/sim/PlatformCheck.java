package org.tallystick.bench.sim;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.audit.Finding;
import org.tallystick.platform.delivery.Acknowledgement;
import org.tallystick.platform.delivery.Gap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.TrialBalance;
import org.tallystick.platform.metering.UsageCount;
import org.tallystick.platform.settlement.Close;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.statement.PaperVerifier;

/**
 * Compares the platform with the list of deliveries: what it acknowledges, counts, charges, pays, lists and can verify.
 */
final class PlatformCheck {
    private static final Currency USD = Currency.of("USD");

    /** Decimals of a micro, the smallest amount posted. */
    private static final int MICRO_PLACES = 6;

    private final SimPlatform platform;
    private final SimClock clock;
    private final DeliveryList list;
    private final List<SimContracts.SimContract> contracts;
    private final List<SimEdge> edges;
    private final ActionCounts counts;
    private final Verifier verifier = Ed25519.verifier();
    private Optional<Period> pending = Optional.empty();
    private int closes;

    PlatformCheck(
            SimPlatform platform,
            SimClock clock,
            DeliveryList list,
            List<SimContracts.SimContract> contracts,
            List<SimEdge> edges,
            ActionCounts counts) {
        this.platform = platform;
        this.clock = clock;
        this.list = list;
        this.contracts = contracts;
        this.edges = edges;
        this.counts = counts;
    }

    Verifier verifier() {
        return verifier;
    }

    private Platform running() {
        return platform.running();
    }

    /** Checks what must hold at every moment. */
    void afterEach() {
        platform.checkThatTheLogOnlyGrew();
        for (SimEdge edge : edges) {
            for (SimEpoch epoch : edge.epochs()) {
                long taken = taken(edge, epoch.number());
                check(
                        epoch.acknowledged() <= taken && taken <= epoch.last(),
                        "edge " + edge.number() + " epoch " + epoch.number() + " was told " + epoch.acknowledged()
                                + ", the platform has " + taken + " of " + epoch.last());
            }
        }
        List<TrialBalance> sums =
                running().database().read(tx -> running().ledger().trialBalance(tx));
        check(sums.stream().allMatch(TrialBalance::isBalanced), "debits and credits differ: " + sums);
    }

    private long taken(SimEdge edge, int epoch) {
        return running()
                .delivery()
                .intake()
                .acknowledged(edge.number(), epoch)
                .orElseThrow(() -> new Violation("the platform has forgotten epoch " + epoch));
    }

    /** Selects the leaves that are in the log. */
    private Predicate<Leaf> isTaken() {
        Map<List<Integer>, Long> taken = new HashMap<>();
        for (SimEdge edge : edges) {
            edge.epochs()
                    .forEach(epoch -> taken.put(List.of(edge.number(), epoch.number()), taken(edge, epoch.number())));
        }
        return leaf -> leaf.sequence() <= taken.getOrDefault(List.of(leaf.edge(), leaf.epoch()), 0L);
    }

    /** Checks the usage sets against the list, after everything in the log was folded. */
    void afterFold() {
        Predicate<Leaf> taken = isTaken();
        for (SimContracts.SimContract contract : contracts) {
            Map<PartyId, Long> expected = list.uses(contract.contract, taken);
            Map<PartyId, Long> counted = counted(contract.contract);
            check(counted.equals(expected), contract.contract + " has uses " + counted + ", the list has " + expected);
        }
        counts.add("comparisons of all sets");
    }

    private Map<PartyId, Long> counted(ContractId contract) {
        List<UsageCount> counts =
                running().database().read(tx -> running().metering().counts(tx, contract));
        Map<PartyId, Long> uses = new TreeMap<>();
        counts.forEach(count -> uses.merge(count.creator(), count.uses(), Math::addExact));
        return uses;
    }

    /** Sends a bundle that the platform must refuse, and checks that nothing has changed. */
    void mustBeRefused(SimEdge edge, byte[] bundle) {
        List<Long> before =
                edge.epochs().stream().map(epoch -> taken(edge, epoch.number())).toList();
        Optional<Outcome<Acknowledgement>> answer =
                platform.ask(() -> running().delivery().intake().accept(edge.principal(), bundle));
        answer.ifPresent(outcome -> {
            check(outcome instanceof Outcome.Refused<?>, "a false bundle was taken: " + outcome);
            if (outcome instanceof Outcome.Refused<?>(var problem)) {
                counts.add("refused: " + problem.type());
            }
        });
        List<Long> after =
                edge.epochs().stream().map(epoch -> taken(edge, epoch.number())).toList();
        check(before.equals(after), "a false bundle moved what is acknowledged from " + before + " to " + after);
    }

    /** Closes the past period. A close that failed is repeated until it succeeds. */
    void close() {
        Optional<Period> next = pending.or(this::next);
        if (next.isEmpty()) {
            return;
        }
        pending = next;
        Optional<Outcome<Close>> answer =
                platform.ask(() -> running().settlement().close(next.get()));
        if (answer.isEmpty()) {
            counts.add("closes that had to be asked for again");
            return;
        }
        switch (answer.get()) {
            case Outcome.Accepted<Close>(Close close, boolean repeated) -> {
                pending = Optional.empty();
                counts.add("closes");
                afterClose(close);
            }
            case Outcome.Refused<Close>(var problem) ->
                check(problem.type().equals("settlement/period-not-over"), "a close is refused: " + problem);
        }
    }

    private Optional<Period> next() {
        List<Close> before =
                running().database().read(tx -> running().settlement().closes(tx));
        Instant from =
                before.isEmpty() ? SimClock.BEGIN : before.getLast().period().to();
        Instant now = clock.ofPlatform().instant();
        Instant to = now.isBefore(clock.instant()) ? now : clock.instant();
        return from.isBefore(to) ? Optional.of(new Period("p" + ++closes, from, to)) : Optional.empty();
    }

    private void afterClose(Close close) {
        nothing(running().database().read(tx -> running().settlement().check(tx)));
        nothing(running().database().read(tx -> running().ledger().check(tx)));
        nothing(running().metering().check());
        NoteKey key = running().log().key();
        for (String id : close.statements()) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            running().settlement().export(id, file).orThrow();
            new PaperVerifier(key, verifier).verify(file.toByteArray());
            counts.add("statements verified");
        }
    }

    /** Checks money, gaps and verification after everything was shipped, and that replaying the log changes nothing. */
    void atTheEnd() {
        close();
        clock.advance(java.time.Duration.ofMinutes(1));
        close();
        check(pending.isEmpty(), "the last period cannot be closed");
        running().metering().catchUp();
        afterFold();
        contracts.forEach(this::charged);
        paid();
        gaps();
        for (Finding finding : platform.platform().fsck().run(area -> {})) {
            check(finding.differences().isEmpty(), "fsck finds in " + finding.area() + ": " + finding.differences());
        }
        Map<String, Hash> before = statements();
        Map<String, BigInteger> balances = balances();
        platform.platform().rebuild().run();
        check(statements().equals(before), "a rebuild gives other statements");
        check(balances().equals(balances), "a rebuild gives other balances");
        counts.add("rebuilds from the log");
        afterFold();
    }

    private void charged(SimContracts.SimContract contract) {
        long all = list.uses(contract.contract, leaf -> true).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        Money escrow = running().database().read(tx -> running().settlement().escrow(tx, contract.contract, USD));
        Money debt = running().database().read(tx -> running().settlement().debt(tx, contract.contract, USD));
        Money charged = contract.funded.minus(escrow).plus(debt);
        check(
                charged.micros().equals(BigInteger.valueOf(worth(contract, BigDecimal.ONE, all))),
                contract.contract + " was charged " + charged + " for " + all + " uses at " + contract.price);
    }

    private void paid() {
        Map<PartyId, Long> expected = new TreeMap<>();
        for (SimContracts.SimContract contract : contracts) {
            Map<PartyId, Long> uses = list.uses(contract.contract, leaf -> true);
            long all = uses.values().stream().mapToLong(Long::longValue).sum();
            uses.forEach((creator, own) ->
                    expected.merge(creator, worth(contract, SimContracts.TO_CREATORS, own), Math::addExact));
            expected.merge(SimContracts.CURATOR, worth(contract, SimContracts.TO_CURATOR, all), Math::addExact);
        }
        expected.forEach((payee, micros) -> {
            BigInteger has = balance(Accounts.payable(payee, USD).name())
                    .add(balance(Accounts.recoverable(payee, USD).name()));
            check(
                    has.equals(BigInteger.valueOf(micros)),
                    payee + " has " + has + " micros where the uses that stand are worth " + micros);
        });
    }

    private static long worth(SimContracts.SimContract contract, BigDecimal share, long uses) {
        return contract.price
                .multiply(share)
                .multiply(BigDecimal.valueOf(uses))
                .movePointRight(MICRO_PLACES)
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    private BigInteger balance(String account) {
        return running()
                .database()
                .read(tx -> running().ledger().balance(tx, account))
                .map(Money::micros)
                .orElse(BigInteger.ZERO);
    }

    private void gaps() {
        TreeSet<String> expected = new TreeSet<>();
        edges.forEach(edge -> edge.epochs().forEach(epoch -> epoch.gaps().forEach(gap -> expected.add(name(gap)))));
        TreeSet<String> listed = new TreeSet<>();
        running().database().read(tx -> running().delivery().intake().gaps(tx)).forEach(gap -> listed.add(name(gap)));
        check(listed.equals(expected), "gaps listed are " + listed + ", those left are " + expected);
        counts.add("gaps listed", expected.size());
    }

    private static String name(Gap gap) {
        return gap.edge() + "/" + gap.epoch() + ":" + gap.first() + "-" + gap.last();
    }

    private Map<String, Hash> statements() {
        Map<String, Hash> hashes = new TreeMap<>();
        List<Close> all = running().database().read(tx -> running().settlement().closes(tx));
        for (Close close : all) {
            for (String id : close.statements()) {
                hashes.put(
                        id,
                        running()
                                .settlement()
                                .statement(id)
                                .map(StoredStatement::hash)
                                .orElseThrow());
            }
        }
        return hashes;
    }

    private Map<String, BigInteger> balances() {
        Map<String, BigInteger> balances = new TreeMap<>();
        List<String> accounts = new ArrayList<>();
        for (SimContracts.SimContract contract : contracts) {
            accounts.add(Accounts.escrow(contract.contract, USD).name());
            accounts.add(Accounts.receivable(contract.contract, USD).name());
            accounts.add(Accounts.residue(contract.contract, USD).name());
        }
        accounts.add(Accounts.payable(SimContracts.CURATOR, USD).name());
        accounts.forEach(account -> balances.put(account, balance(account)));
        return balances;
    }

    private static void nothing(List<?> differences) {
        check(differences.isEmpty(), "a check of all finds " + differences);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }
}
