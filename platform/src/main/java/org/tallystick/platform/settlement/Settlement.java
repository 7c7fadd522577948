package org.tallystick.platform.settlement;

import java.io.OutputStream;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.settlement.closing.CloseCalculator;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.CloseForm;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.CloseReader;
import org.tallystick.platform.settlement.closing.CloseResult;
import org.tallystick.platform.settlement.closing.InvoiceStore;
import org.tallystick.platform.settlement.closing.Invoices;
import org.tallystick.platform.settlement.closing.ListingStore;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.Sealed;
import org.tallystick.platform.settlement.closing.SetAside;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.platform.settlement.closing.Transfers;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.platform.settlement.escrow.Funding;
import org.tallystick.platform.settlement.statements.Exporter;
import org.tallystick.platform.settlement.statements.References;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.PaperFile;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.statement.StatementEvidence;

/**
 * The room's façade. Safe from any thread; one period is closed at a time.
 *
 * <p>Every method may throw what log, blobs and database throw when they cannot answer now; repeating is safe.
 */
public final class Settlement {
    /** Most items on a page. */
    public static final int MAX_PAGE = 200;

    private static final int ATTEMPTS = 8;

    private final Dependencies dependencies;
    private final NoteSigner platform;
    private final CloseReader reader;
    private final Exporter exporter;
    private final EscrowFunding funding;
    private final Object closing = new Object();

    /**
     * The rooms and tools this one uses; each part of it is given only what it uses itself.
     *
     * @param clock says whether a period is over
     */
    public record Dependencies(
            Database database,
            Sequencer sequencer,
            TransparencyLog log,
            Contracts contracts,
            Catalog catalog,
            Deliveries delivery,
            Metering metering,
            Ledger ledger,
            InstantSource clock) {}

    /** @param platform signs statement files; its name is the log's origin */
    public Settlement(Dependencies dependencies, NoteSigner platform) {
        this.dependencies = dependencies;
        this.platform = platform;
        this.exporter = new Exporter(
                new Exporter.Sources(
                        dependencies.database(),
                        dependencies.log(),
                        dependencies.sequencer()::entry,
                        dependencies.contracts(),
                        dependencies.catalog(),
                        dependencies.delivery(),
                        dependencies.metering()),
                platform);
        this.funding = new EscrowFunding(dependencies.sequencer(), dependencies.contracts(), dependencies.ledger());
        this.reader = new CloseReader(
                dependencies.contracts(), dependencies.catalog(), dependencies.metering(), platform.name());
    }

    /**
     * What this room makes of the log, postings included; the sequencer and a rebuild call it.
     *
     * @param platform the platform's name: the log's origin
     */
    public static Projection projection(Ledger ledger, String platform) {
        return new SettlementProjection(ledger, platform);
    }

    /**
     * Books money received for a contract; what its buyer owes already is taken from it at once. The same reference
     * again is a repeat.
     *
     * @param written the payment's own reference; compared without space around it, several spaces as one; 1 to 128 printable characters
     * @return refused {@code escrow/operator-only}, {@code escrow/reference}, {@code escrow/amount}, {@code
     *     amount/limit}, {@code contract/unknown}, {@code escrow/currency}, {@code escrow/conflict} where the reference stands for another
     *     payment
     */
    public Outcome<Funding> fundEscrow(Principal by, ContractId contract, Money amount, String written) {
        return funding.deposit(by, contract, amount, written);
    }

    /**
     * Guarantees for a contract's buyer: up to the limit, works are delivered and payees credited though escrow does not cover
     * them. A new limit takes the place of the old one; the same again is a repeat.
     *
     * @param limit not below zero; zero ends the guarantee for what is used from then on
     * @return refused {@code credit/operator-only}, {@code credit/amount}, {@code amount/limit}, {@code contract/unknown},
     *     {@code escrow/currency}
     */
    public Outcome<Money> grantCredit(Principal by, ContractId id, Money limit) {
        return funding.guarantee(by, id, limit);
    }

    private BigInteger balance(Handle tx, String account) {
        return dependencies.ledger().balance(tx, account).map(Money::micros).orElse(BigInteger.ZERO);
    }

    /** The balance of a contract's escrow account, in whole micros. */
    public Money escrow(Handle tx, ContractId contract, Currency currency) {
        return Money.ofMicros(
                currency, balance(tx, Accounts.escrow(contract, currency).name()));
    }

    /** What the buyer owes under a contract because escrow did not cover it, in whole micros, not negative. */
    public Money debt(Handle tx, ContractId contract, Currency currency) {
        return Money.ofMicros(
                currency,
                balance(tx, Accounts.receivable(contract, currency).name()).negate());
    }

    /**
     * Closes a period: folds usage, rates it, posts it, issues statements and invoices, all at one log position. The same
     * period again is a repeat with the same bytes.
     *
     * @return refused {@code settlement/period-not-over}, {@code settlement/period-conflict} where the id was closed
     *     with other bounds, {@code settlement/period-gap} where it does not begin where the last one ended (member
     *     {@code expected_from}), {@code settlement/changing}
     */
    public Outcome<Close> close(Period period) {
        if (period.to().isAfter(dependencies.clock().instant())) {
            return refused(
                    Category.CONFLICT,
                    "settlement/period-not-over",
                    "period " + period.id() + " ends at " + period.to());
        }
        synchronized (closing) {
            for (int i = 0; i < ATTEMPTS; i++) {
                Optional<Outcome<Close>> settled = dependencies.database().read(tx -> settled(tx, period));
                if (settled.isPresent()) {
                    return settled.get();
                }
                Optional<Outcome<Close>> closed = attempt(period);
                if (closed.isPresent()) {
                    return closed.get();
                }
            }
            return refused(
                    Category.UNAVAILABLE,
                    "settlement/changing",
                    "what is to be closed keeps changing; ask again later");
        }
    }

    private Optional<Outcome<Close>> settled(Handle tx, Period period) {
        List<SettlementStore.CloseRow> closes = SettlementStore.closes(tx);
        for (SettlementStore.CloseRow row : closes) {
            if (row.period().id().equals(period.id())) {
                return Optional.of(
                        row.period().equals(period)
                                ? Outcome.repeated(Close.of(tx, row))
                                : refused(
                                        Category.CONFLICT,
                                        "settlement/period-conflict",
                                        "period " + period.id() + " was closed from "
                                                + row.period().from() + " to "
                                                + row.period().to()));
            }
        }
        if (!closes.isEmpty() && !closes.getLast().period().to().equals(period.from())) {
            return Optional.of(Outcome.refused(Problem.conflict(
                            "settlement/period-gap",
                            "Periods follow one another",
                            "the last period ended at "
                                    + closes.getLast().period().to() + ", this one begins at " + period.from())
                    .with("expected_from", closes.getLast().period().to())));
        }
        return Optional.empty();
    }

    /** A close computed on one snapshot of the database, before it is put into the log. */
    private record Computed(CloseInput input, CloseResult result) {}

    /**
     * Computes a close on a snapshot, outside the sequencer, and has the sequencer add only what depends on the balances
     * of escrow. Empty where another close came first, so that the caller tries again.
     */
    private Optional<Outcome<Close>> attempt(Period period) {
        for (SettlementStore.CloseRow row : dependencies.database().read(SettlementStore::closes)) {
            dependencies.metering().cut(row.period().to());
        }
        dependencies.metering().cut(period.to());
        Computed computed = dependencies.database().read(tx -> {
            CloseInput read = reader.read(tx, period);
            return new Computed(read, CloseCalculator.of(read));
        });
        CloseForm form = CloseForm.of(true, CloseSecret.commitments(platform, period), computed.result());
        CloseInput input = computed.input();
        CloseResult result = computed.result();
        return dependencies.sequencer().execute((tx, now) -> {
            if (SettlementStore.closes(tx).size() != input.before().size()) {
                return Decision.answer(Optional.empty());
            }
            Crediting crediting =
                    new Crediting(dependencies.ledger(), dependencies.contracts(), tx, result.contracts());
            Transfers transfers = crediting.transfers(platform.name(), period);
            List<Transfers.OfContract> moved = new ArrayList<>(
                    result.contracts().stream().map(transfers::of).toList());
            Map<ContractId, Hash> latest = InvoiceStore.latest(tx);
            List<Invoice> invoices =
                    Invoices.all(input, result, moved, contract -> Optional.ofNullable(latest.get(contract)));
            moved.addAll(crediting.waiting(transfers));
            List<Draft> drafts = CloseEntries.drafts(input, result, invoices, moved, form);
            return Decision.append(
                    drafts,
                    position -> Optional.of(Outcome.accepted(new Close(
                            input.number(),
                            period,
                            position + 1, // the close's key comes first
                            input.position(),
                            CloseEntries.root(result.statements(), invoices, form),
                            result.statements().stream().map(Sealed::id).toList(),
                            invoices.stream().map(Invoice::id).sorted().toList()))));
        });
    }

    /**
     * Announces in the log that from here on it is of the present format, once: statements of closes before that verify as
     * older, weaker proofs, and nothing of the old format is taken after it. A platform calls it whenever it starts.
     */
    public void announceFormat() {
        FormatAnnouncement.once(dependencies.database(), dependencies.sequencer());
    }

    /** What a payee has earned under a contract and the buyer has not covered: owed by the buyer, not due. */
    public Money owedByBuyer(Handle tx, ContractId contract, PartyId party, Currency currency) {
        return Money.ofMicros(
                currency,
                balance(tx, Accounts.uncovered(contract, party, currency).name()));
    }

    /** All closes, oldest first. */
    public List<Close> closes(Handle tx) {
        return SettlementStore.closes(tx).stream().map(row -> Close.of(tx, row)).toList();
    }

    /** The contracts that the last close could not rate, and so has neither invoiced nor paid, in order of id. */
    public List<SetAside> setAside(Handle tx) {
        return SettlementStore.setAside(tx);
    }

    /** The same, as last committed. */
    public List<SetAside> setAside() {
        return dependencies.database().read(SettlementStore::setAside);
    }

    /** A statement as it was issued. */
    public Optional<StoredStatement> statement(String id) {
        return dependencies.database().read(tx -> SettlementStore.statement(tx, id));
    }

    /** A statement as it was issued, read in the caller's transaction. */
    public Optional<StoredStatement> statement(Handle tx, String id) {
        return SettlementStore.statement(tx, id);
    }

    /**
     * Statements, newest first.
     *
     * @param after the {@code next} of the page before
     * @param limit 1 to {@value #MAX_PAGE}; values beyond are brought within
     * @throws org.tallystick.platform.kernel.RefusedException {@code settlement/malformed-cursor}
     */
    public Page<ListingStore.ListedStatement> statements(
            Optional<PartyId> party, Optional<String> period, Optional<String> after, int limit) {
        int size = Math.clamp(limit, 1, MAX_PAGE);
        ListingStore.Place from = Cursors.parse(after);
        List<ListingStore.ListedStatement> found =
                dependencies.database().read(tx -> ListingStore.statements(tx, party, period, from, size + 1));
        return Cursors.page(found, size, s -> new ListingStore.Place(s.close(), s.id()));
    }

    /** What a statement posted, contract by contract, and when each may be paid out. */
    public List<Due> dues(Handle tx, StoredStatement stored) {
        long entry = SettlementStore.closes(tx).get(stored.close() - 1).entry();
        if (!(dependencies.sequencer().entry(entry) instanceof LogEntry.DocumentEntry close)) {
            throw new IllegalStateException("log entry " + entry + " is no close");
        }
        List<Due> dues = new ArrayList<>();
        for (Statement.ContractTotal total : stored.statement().contracts()) {
            Contract contract = dependencies
                    .contracts()
                    .find(tx, new ContractId(total.contract()))
                    .orElseThrow();
            Money posted = Money.ofMicros(stored.total().currency(), total.posted());
            dues.add(Due.of(contract, posted, close.time()));
        }
        return dues;
    }

    /** An invoice as it was issued. */
    public Optional<StoredInvoice> invoice(String id) {
        return dependencies.database().read(tx -> InvoiceStore.invoice(tx, id));
    }

    /** An invoice as it was issued, read in the caller's transaction. */
    public Optional<StoredInvoice> invoice(Handle tx, String id) {
        return InvoiceStore.invoice(tx, id);
    }

    /**
     * Invoices, newest first.
     *
     * @param after the {@code next} of the page before
     * @param limit 1 to {@value #MAX_PAGE}; values beyond are brought within
     * @throws org.tallystick.platform.kernel.RefusedException {@code settlement/malformed-cursor}
     */
    public Page<ListingStore.ListedInvoice> invoices(
            Optional<PartyId> buyer,
            Optional<ContractId> contract,
            Optional<String> period,
            Optional<String> after,
            int limit) {
        int size = Math.clamp(limit, 1, MAX_PAGE);
        ListingStore.Place from = Cursors.parse(after);
        List<ListingStore.ListedInvoice> found =
                dependencies.database().read(tx -> ListingStore.invoices(tx, buyer, contract, period, from, size + 1));
        return Cursors.page(found, size, i -> new ListingStore.Place(i.close(), i.id()));
    }

    /**
     * Writes a statement or an invoice with all its evidence as one file; always the same bytes.
     *
     * @return the file's length in bytes; refused {@code statement/unknown}, {@code invoice/no-file}
     */
    public Outcome<Long> export(String id, OutputStream out) {
        foldWhatItBills(id);
        return exporter.export(id, out);
    }

    /** Whether there is such a file; refused as {@link #export} refuses. */
    public Outcome<String> checkFile(String id) {
        return exporter.check(id);
    }

    /**
     * Opens a line of a statement: the receipts behind it, with what proves them; empty for what there is not.
     *
     * @param line number from 1
     */
    public Optional<StatementEvidence> open(String statementId, int line) {
        foldWhatItBills(statementId);
        return exporter.behind(statementId, line);
    }

    /**
     * The proof that the close of a statement left out a delivery of one of its payee's works, which anybody can check offline.
     *
     * @param file a statement file of this platform
     * @return refused with the reason why there is nothing to prove: {@code omission/…}, {@code evidence/position} where it was
     *     logged after the close, or what is wrong with the file
     */
    public Outcome<byte[]> omission(byte[] file, int edge, int epoch, long sequence) {
        Verifier verifier = Ed25519.verifier();
        try {
            PaperFile statement = PaperFile.parse(file, verifier);
            return dependencies
                    .metering()
                    .locate(edge, epoch, sequence)
                    .map(delivery -> exporter.omission(statement, delivery, verifier))
                    .orElseGet(() -> refused(Category.NOT_FOUND, "omission/unknown", "no such delivery is in the log"));
        } catch (MalformedException e) {
            return refused(Category.INVALID, e.reason(), e.detail());
        }
    }

    /** Evidence is found through the usage sets, and after a rebuild they may still be behind the statement's position. */
    private void foldWhatItBills(String id) {
        Metering metering = dependencies.metering();
        exporter.position(id).filter(position -> metering.position() < position).ifPresent(metering::foldTo);
    }

    /** Where a work's use is billed, and what a statement line, an invoice and a posting are made of. */
    public References references(Handle tx) {
        return new References(
                tx, dependencies.contracts(), dependencies.catalog(), dependencies.ledger(), platform.name());
    }

    /** Lists where the tables, postings included, are not what was computed again from the log; empty where all is well. */
    public List<String> check(Handle tx, Recomputation again) {
        return new TableCheck(tx, dependencies.ledger(), again.recomputed()).differences();
    }

    /** Recomputes hashes, roots and sums from the tables alone and lists what differs; empty where nothing does. */
    public List<String> check(Handle tx) {
        return new SettlementCheck(tx, dependencies.sequencer()::entry).differences();
    }

    private static <T> Outcome<T> refused(Category category, String type, String detail) {
        return Outcome.refused(Problem.of(category, type, Cursors.title(type), detail));
    }
}
