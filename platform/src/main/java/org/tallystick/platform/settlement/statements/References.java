package org.tallystick.platform.settlement.statements;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.metering.MemberReader;
import org.tallystick.platform.metering.Metrics;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.Invoices;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.platform.settlement.closing.Transfers;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.terms.ContractPayout;

/**
 * Walks between uses, statement lines, invoices and postings in both directions, in one transaction. Not thread-safe.
 */
public final class References {
    private final Handle tx;
    private final Contracts contracts;
    private final Catalog catalog;
    private final Ledger ledger;
    private final String platform;

    /** @param platform the platform's name, part of the ids of statements, invoices and postings */
    public References(Handle tx, Contracts contracts, Catalog catalog, Ledger ledger, String platform) {
        this.tx = tx;
        this.contracts = contracts;
        this.catalog = catalog;
        this.ledger = ledger;
        this.platform = platform;
    }

    /**
     * The statement lines a work's use is in, oldest first: its creator's and those of all recipients.
     *
     * @param ordinal of the work in the dataset version of the set
     */
    public List<String> lines(UsageKey key, int ordinal) {
        List<String> found = new ArrayList<>();
        Contract contract = contracts.find(tx, key.contract()).orElseThrow();
        for (CloseInput.BilledSet part : SettlementStore.parts(tx, key.contract())) {
            if (part.key().equals(key) && part.works().contains(ordinal)) {
                payees(contract, ordinal).forEach(payee -> found.addAll(lines(contract, part, payee)));
            }
        }
        return found.stream().distinct().toList();
    }

    /** The invoices a work's use is in, oldest first. */
    public List<String> invoices(UsageKey key, int ordinal) {
        List<SettlementStore.CloseRow> closes = SettlementStore.closes(tx);
        return SettlementStore.parts(tx, key.contract()).stream()
                .filter(part -> part.key().equals(key) && part.works().contains(ordinal))
                .map(part -> Invoices.id(
                        platform, closes.get(part.close() - 1).period().id(), key.contract()))
                .distinct()
                .toList();
    }

    private List<PartyId> payees(Contract contract, int ordinal) {
        List<PartyId> payees = new ArrayList<>();
        for (ContractPayout.Split split : contract.document().payout().splits()) {
            if (!split.recipient().equals(ContractPayout.CREATORS)) {
                payees.add(new PartyId(split.recipient()));
                continue;
            }
            for (CreatorRange range : catalog.ranges(tx, contract.datasetVersion())) {
                if (range.from() <= ordinal && ordinal < range.to()) {
                    payees.add(range.creator());
                }
            }
        }
        return payees;
    }

    private List<String> lines(Contract contract, CloseInput.BilledSet part, PartyId payee) {
        List<SettlementStore.CloseRow> closes = SettlementStore.closes(tx);
        String currency = contract.document().pricing().price().currency();
        String id = Statement.id(platform, closes.get(part.close() - 1).period().id(), payee.value(), currency);
        Optional<StoredStatement> stored = SettlementStore.statement(tx, id);
        List<String> found = new ArrayList<>();
        if (stored.isPresent()) {
            List<Statement.Line> lines = stored.get().statement().lines();
            for (int i = 0; i < lines.size(); i++) {
                if (counts(lines.get(i), part)) {
                    found.add(id + "/" + (i + 1));
                }
            }
        }
        return found;
    }

    /** Whether a line of a statement of the same close counts what the part holds. */
    static boolean counts(Statement.Line line, CloseInput.BilledSet part) {
        Statement.Kind kind = part.withdrawn()
                ? Statement.Kind.WITHDRAWAL
                : part.usedIn() < part.close() ? Statement.Kind.ADJUSTMENT : Statement.Kind.USAGE;
        return line.kind() == kind
                && line.contract().equals(part.key().contract().value())
                && line.job().equals(part.key().job().value())
                && line.scope() == part.key().scope();
    }

    /**
     * The works a statement line counts, by ordinal.
     *
     * @param line number from 1
     * @param limit at most so many
     */
    public List<Metrics.Work> works(StoredStatement statement, int line, int limit) {
        Statement.Line wanted = statement.statement().lines().get(line - 1);
        List<Metrics.Work> found = new ArrayList<>();
        for (CloseInput.BilledSet part :
                SettlementStore.parts(tx, new ContractId(wanted.contract()), statement.close())) {
            if (counts(wanted, part)) {
                boolean all = wanted.basis() == Statement.Basis.RECIPIENT;
                add(found, part, all ? part.works() : of(part, statement.party()), limit);
            }
        }
        return found;
    }

    /** The works an invoice bills or gives back, at most so many. */
    public List<Metrics.Work> works(StoredInvoice invoice, int limit) {
        List<Metrics.Work> found = new ArrayList<>();
        for (CloseInput.BilledSet part : SettlementStore.parts(tx, invoice.contract(), invoice.close())) {
            add(found, part, part.works(), limit);
        }
        return found;
    }

    /** The works of a part that are one creator's. */
    private RoaringBitmap of(CloseInput.BilledSet part, PartyId creator) {
        RoaringBitmap own = new RoaringBitmap();
        catalog.range(tx, part.dataset(), creator).ifPresent(range -> own.add((long) range.from(), (long) range.to()));
        own.and(part.works());
        return own;
    }

    private void add(List<Metrics.Work> found, CloseInput.BilledSet part, RoaringBitmap works, int limit) {
        for (Member member : MemberReader.first(tx, catalog, part.dataset(), works, 0, limit - found.size())) {
            found.add(new Metrics.Work(part.key(), member.creator(), member.content()));
        }
    }

    /** The postings that carry out a statement. */
    public List<Hash> postings(StoredStatement statement) {
        List<Hash> found = new ArrayList<>();
        for (Statement.ContractTotal total : statement.statement().contracts()) {
            ContractId contract = new ContractId(total.contract());
            for (Transfers.Purpose purpose : Transfers.Purpose.values()) {
                found.add(Transfers.id(
                        platform,
                        statement.statement().period(),
                        contract,
                        purpose,
                        statement.party().value()));
            }
        }
        return posted(found);
    }

    /** The postings that carry out an invoice. */
    public List<Hash> postings(StoredInvoice invoice) {
        List<Hash> found = new ArrayList<>();
        for (Transfers.Purpose purpose : Transfers.Purpose.values()) {
            found.add(Transfers.id(platform, invoice.period(), invoice.contract(), purpose, ""));
        }
        return posted(found);
    }

    private List<Hash> posted(List<Hash> ids) {
        Set<Hash> known = ledger.known(tx, ids);
        return ids.stream().filter(known::contains).toList();
    }
}
