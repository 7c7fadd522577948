package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.metering.UsedWorks;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.platform.rating.Amount;
import org.tallystick.platform.rating.Rated;
import org.tallystick.platform.rating.Rater;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.terms.ContractPayout;

/**
 * Closes a period for one contract: finds what is new since it was last billed and what has been withdrawn since, prices
 * both in e, and rounds the cumulative sums down to micros, never the single lines. One object closes one contract once.
 */
final class ContractCloseCalculator {
    /** Each needs up to two transfers, and the contract up to six, of the 100 000 that a posting group holds. */
    private static final int MOST_PAYEES = 49_000;

    private final CloseInput input;
    private final CloseInput.OfContract of;
    private final SortedMap<PartyId, List<Statement.Line>> lines = new TreeMap<>();
    private final SortedMap<PartyId, Exact> exact = new TreeMap<>();
    private final SortedMap<PartyId, Statement.ContractTotal> totals = new TreeMap<>();
    private final List<Invoice.Line> invoiceLines = new ArrayList<>();
    private final List<CloseInput.BilledSet> parts = new ArrayList<>();
    private Exact gross = Exact.ZERO;
    private Exact fee = Exact.ZERO;
    private boolean flat;
    private Optional<CloseResult.OfContract> result = Optional.empty();

    ContractCloseCalculator(CloseInput input, CloseInput.OfContract of) {
        this.input = input;
        this.of = of;
    }

    /**
     * Whether the close has statements and an invoice for the contract: it was in force in the period, or something is
     * billed or given back.
     */
    boolean concerns() {
        return of.lives(input.period()) || gross.signum() != 0 || !invoiceLines.isEmpty();
    }

    Currency currency() {
        return of.currency();
    }

    /**
     * Prices everything; to be called before all else.
     *
     * @throws RuntimeException where it cannot be priced; the contract is then set aside
     */
    ContractCloseCalculator rate() {
        flatPrice();
        of.used().stream().sorted(Comparator.comparing(UsedWorks::key)).forEach(this::set);
        if (of.lives(input.period())) {
            parties().forEach(party -> {
                lines.computeIfAbsent(party, p -> new ArrayList<>());
                exact.putIfAbsent(party, Exact.ZERO);
            });
        }
        lines.keySet().forEach(party -> totals.put(party, totalOf(party)));
        if (totals.size() > MOST_PAYEES) {
            throw Problem.conflict(SetAside.PAYEES, "Too many payees", "a contract pays at most " + MOST_PAYEES)
                    .asException();
        }
        result = Optional.of(resulting());
        return this;
    }

    private List<PartyId> parties() {
        List<PartyId> parties = new ArrayList<>();
        of.ranges().forEach(range -> parties.add(range.creator()));
        parties.add(of.contract().curator());
        of.contract().document().payout().splits().stream()
                .map(ContractPayout.Split::recipient)
                .filter(recipient -> !recipient.equals(ContractPayout.CREATORS))
                .forEach(recipient -> parties.add(new PartyId(recipient)));
        return parties;
    }

    private void flatPrice() {
        flat = of.contractTotal().flat();
        if (flat) {
            return;
        }
        SortedMap<PartyId, Long> works = new TreeMap<>();
        of.ranges().forEach(range -> works.merge(range.creator(), (long) range.size(), Math::addExact));
        Rated rated = Rater.flat(of.contract().document(), works);
        if (rated.equals(Rated.NOTHING)) {
            return;
        }
        flat = true;
        add(rated, false);
        rated.amounts().forEach(amount -> line(amount, Statement.Kind.FLAT, "", Scope.TRAINING, Optional.empty()));
        long all = works.values().stream().reduce(0L, Math::addExact);
        invoiceLines.add(new Invoice.Line(
                Statement.Kind.FLAT,
                "",
                Scope.TRAINING,
                all,
                of.contract().document().pricing().price().amount(),
                rated.gross(),
                Optional.empty()));
    }

    private void set(UsedWorks used) {
        Map<Integer, RoaringBitmap> billedIn = billed(used.key());
        RoaringBitmap billed = new RoaringBitmap();
        billedIn.values().forEach(billed::or);
        RoaringBitmap standing = new RoaringBitmap();
        used.byPeriod().forEach(standing::or);
        for (int k = input.number(); k >= 1; k--) {
            RoaringBitmap fresh = RoaringBitmap.andNot(used.byPeriod().get(k - 1), billed);
            if (!fresh.isEmpty()) {
                bill(used, k, fresh);
            }
        }
        billedIn.forEach((close, works) -> {
            RoaringBitmap gone = RoaringBitmap.andNot(works, standing);
            if (!gone.isEmpty()) {
                takeBack(used, close, gone);
            }
        });
    }

    /** Works of a set that stand in some invoice, by the number of the close that billed them. */
    private Map<Integer, RoaringBitmap> billed(UsageKey key) {
        Map<Integer, RoaringBitmap> billed = new TreeMap<>();
        for (CloseInput.BilledSet part : of.billed()) {
            if (part.key().equals(key) && part.withdrawn()) {
                billed.values().forEach(works -> works.andNot(part.works()));
            } else if (part.key().equals(key)) {
                billed.computeIfAbsent(part.close(), close -> new RoaringBitmap())
                        .or(part.works());
            }
        }
        return billed;
    }

    private void bill(UsedWorks used, int usedIn, RoaringBitmap works) {
        boolean late = usedIn < input.number();
        Rated rated = rate(used, works, false);
        Statement.Kind kind = late ? Statement.Kind.ADJUSTMENT : Statement.Kind.USAGE;
        for (Amount amount : rated.amounts()) {
            Optional<String> corrects = late ? Optional.of(corrected(amount, used.key(), usedIn)) : Optional.empty();
            line(amount, kind, used.key().job().value(), used.key().scope(), corrects);
        }
        invoiceLines.add(invoiceLine(kind, used.key(), works, rated.gross(), usedIn));
        parts.add(new CloseInput.BilledSet(used.key(), used.dataset(), input.number(), usedIn, false, works));
    }

    private void takeBack(UsedWorks used, int close, RoaringBitmap works) {
        Rated rated = rate(used, works, true);
        for (Amount amount : rated.amounts()) {
            line(
                    amount,
                    Statement.Kind.WITHDRAWAL,
                    used.key().job().value(),
                    used.key().scope(),
                    Optional.of(corrected(amount, used.key(), close)));
        }
        invoiceLines.add(invoiceLine(
                Statement.Kind.WITHDRAWAL, used.key(), works, rated.gross().negated(), close));
        parts.add(new CloseInput.BilledSet(used.key(), used.dataset(), input.number(), close, true, works));
    }

    private Rated rate(UsedWorks used, RoaringBitmap works, boolean withdrawn) {
        SortedMap<PartyId, Long> counts = new TreeMap<>();
        for (CreatorRange range : of.ranges()) {
            long count = works.rangeCardinality(range.from(), range.to());
            if (count > 0) {
                counts.merge(range.creator(), count, Math::addExact);
            }
        }
        if (!used.dataset().equals(of.contract().datasetVersion())) {
            throw new IllegalStateException(used.key() + " was metered against another dataset version");
        }
        Rated rated = Rater.uses(of.contract().document(), counts);
        add(rated, withdrawn);
        return rated;
    }

    private void add(Rated rated, boolean withdrawn) {
        gross = withdrawn ? gross.minus(rated.gross()) : gross.plus(rated.gross());
        fee = withdrawn ? fee.minus(rated.fee()) : fee.plus(rated.fee());
        for (Amount amount : rated.amounts()) {
            Exact change = withdrawn ? amount.exact().negated() : amount.exact();
            exact.merge(amount.payee(), change, Exact::plus);
        }
    }

    private void line(Amount amount, Statement.Kind kind, String job, Scope scope, Optional<String> corrects) {
        Exact worth = kind == Statement.Kind.WITHDRAWAL ? amount.exact().negated() : amount.exact();
        lines.computeIfAbsent(amount.payee(), party -> new ArrayList<>())
                .add(new Statement.Line(
                        kind, amount.basis(), of.contract().id().value(), job, scope, amount.worth(), worth, corrects));
    }

    private Invoice.Line invoiceLine(Statement.Kind kind, UsageKey key, RoaringBitmap works, Exact worth, int usedIn) {
        return new Invoice.Line(
                kind,
                key.job().value(),
                key.scope(),
                works.getLongCardinality(),
                of.contract().document().pricing().price().amount(),
                worth,
                kind == Statement.Kind.USAGE
                        ? Optional.empty()
                        : Optional.of(input.period(usedIn).id()));
    }

    /** The id of the line of an earlier statement that an amount corrects, or of that statement where it had no such line. */
    private String corrected(Amount amount, UsageKey key, int close) {
        String id = Statement.id(
                input.platform(),
                input.period(close).id(),
                amount.payee().value(),
                of.currency().code());
        Optional<Statement> statement = input.past().statement(id);
        if (statement.isPresent()) {
            List<Statement.Line> candidates = statement.get().lines();
            for (int i = 0; i < candidates.size(); i++) {
                Statement.Line line = candidates.get(i);
                boolean bills = line.kind() == Statement.Kind.USAGE || line.kind() == Statement.Kind.ADJUSTMENT;
                if (bills
                        && line.basis() == amount.basis()
                        && line.contract().equals(key.contract().value())
                        && line.job().equals(key.job().value())
                        && line.scope() == key.scope()) {
                    return id + "/" + (i + 1);
                }
            }
        }
        return id;
    }

    /** The statement lines by payee; the list is empty for a payee whose statement only says that nothing was used. */
    SortedMap<PartyId, List<Statement.Line>> lines() {
        return lines;
    }

    /** How a payee's exact amount in e becomes posted micros. */
    Statement.ContractTotal total(PartyId party) {
        return Objects.requireNonNull(totals.get(party));
    }

    private Statement.ContractTotal totalOf(PartyId party) {
        CloseInput.PayeeTotal before = of.payeeTotals().getOrDefault(party, CloseInput.PayeeTotal.NOTHING);
        Exact now = Optional.ofNullable(exact.get(party)).orElse(Exact.ZERO);
        BigInteger posted = Statement.ContractTotal.toPost(before.exact(), now, before.posted());
        return new Statement.ContractTotal(of.contract().id().value(), before.exact(), now, before.posted(), posted);
    }

    CloseResult.OfContract result() {
        return result.orElseThrow();
    }

    private CloseResult.OfContract resulting() {
        CloseInput.ContractTotal before = of.contractTotal();
        List<CloseResult.Posting> postings = new ArrayList<>();
        totals.forEach((party, total) -> {
            if (total.posted().signum() != 0) {
                String statement = Statement.id(
                        input.platform(),
                        input.period().id(),
                        party.value(),
                        of.currency().code());
                postings.add(new CloseResult.Posting(party, total.posted(), statement));
            }
        });
        return new CloseResult.OfContract(
                of.contract(),
                of.currency(),
                invoiceLines,
                before,
                gross,
                Statement.ContractTotal.toPost(before.gross(), gross, before.charged()),
                fee,
                Statement.ContractTotal.toPost(before.fee(), fee, before.feePosted()),
                postings,
                parts,
                flat,
                usage());
    }

    /** What stands after this close: all that earlier ones and this one billed, less what was given back. */
    private ContractUsage usage() {
        List<CloseInput.BilledSet> all = new ArrayList<>(of.billed());
        all.addAll(parts);
        SortedMap<PartyId, ContractUsage.Sum> sums = new TreeMap<>();
        of.payeeTotals()
                .forEach((party, before) -> sums.put(
                        party, new ContractUsage.Sum(before.exact(), before.posted(), ContractUsage.NO_LINES)));
        totals.forEach((party, total) -> sums.put(
                party,
                new ContractUsage.Sum(
                        total.exactAfter(),
                        total.postedBefore().add(total.posted()),
                        Statement.linesHash(
                                Optional.ofNullable(lines.get(party)).orElse(List.of())))));
        return new ContractUsage(of.contract().id(), of.ranges(), ContractUsage.standing(all), sums);
    }
}
