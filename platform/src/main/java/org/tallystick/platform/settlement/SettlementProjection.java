package org.tallystick.platform.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.ledger.AccountSpec;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.ledger.PostOutcome;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.platform.settlement.escrow.CreditEntry;
import org.tallystick.platform.settlement.escrow.Deposit;
import org.tallystick.platform.settlement.escrow.ReservationEntry;
import org.tallystick.platform.settlement.escrow.ReservationStore;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.log.FormatChange;
import org.tallystick.protocol.log.LogEntry;

/** Makes tables and postings from the room's entries. The ledger has no entries of its own: it is filled from here. */
final class SettlementProjection implements Projection {
    /** The delivery room's entry by which a buyer ends a job. */
    private static final String JOB_CLOSED = "job-closed";

    private final Ledger ledger;
    private final String platform;

    /** @param platform the platform's name, part of the ids of postings */
    SettlementProjection(Ledger ledger, String platform) {
        this.ledger = ledger;
        this.platform = platform;
    }

    @Override
    public String name() {
        return "settlement";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return;
        }
        Fields body = Fields.of(document.body(), document.type());
        switch (document.type()) {
            case CloseEntries.FUNDED -> funded(tx, position, document, body);
            case FormatChange.TYPE ->
                SettlementStore.insertFormat(tx, position, body.integer("version", 1, Integer.MAX_VALUE));
            case CloseEntries.CLOSE -> {
                SettlementStore.insertClose(tx, position, body);
                SettlementStore.insertSetAside(tx, close(body), CloseEntries.setAside(body));
                ReservationStore.release(tx, body.integer("position", 0, Long.MAX_VALUE), body.instant("to"));
            }
            case ReservationEntry.TYPE -> ReservationStore.save(tx, ReservationEntry.of(body));
            case CreditEntry.TYPE -> ReservationStore.saveCredit(tx, position, CreditEntry.of(body));
            case JOB_CLOSED -> ReservationStore.close(tx, new JobId(body.text("job")), position, document.time());
            case CloseEntries.SETS -> sets(tx, body);
            case CloseEntries.INVOICES -> {
                SettlementStore.insertInvoices(tx, close(body), body.objects("items"));
                SettlementStore.saveContractTotals(tx, body.objects("items"));
            }
            case CloseEntries.POSTINGS -> post(tx, body);
            case CloseEntries.STATEMENTS -> {
                List<SettlementStore.StatementRow> rows = body.array("items").parallelStream()
                        .map(SettlementStore.StatementRow::of)
                        .toList();
                SettlementStore.insertStatements(tx, close(body), rows);
                SettlementStore.savePayeeTotals(
                        tx,
                        rows.stream()
                                .map(SettlementStore.StatementRow::statement)
                                .toList());
            }
            default -> {
                // another room's
            }
        }
    }

    private static void sets(Handle tx, Fields body) {
        List<CloseInput.BilledSet> parts = body.objects("items").stream()
                .map(item -> CloseEntries.set(item, close(body)))
                .toList();
        SettlementStore.insertParts(tx, parts);
        for (CloseInput.BilledSet part : parts) {
            long works = part.works().getLongCardinality();
            ReservationStore.bill(tx, part.key().job(), part.key().scope(), part.withdrawn() ? -works : works);
        }
    }

    private static int close(Fields body) {
        return (int) body.integer("number", 1, Integer.MAX_VALUE);
    }

    private void post(Handle tx, Fields body) {
        int number = close(body);
        Period period = SettlementStore.closes(tx).get(number - 1).period();
        List<PostingGroup> groups = body.objects("items").parallelStream()
                .map(item -> CloseEntries.group(item, platform, period))
                .toList();
        post(tx, groups);
    }

    private void funded(Handle tx, long position, LogEntry.DocumentEntry document, Fields body) {
        ContractId contract = new ContractId(body.text("contract"));
        Currency currency = Currency.of(body.text("currency"));
        Money amount = Money.parse(currency, body.text("amount"));
        String reference = body.text("reference");
        SettlementStore.insertFunding(tx, position, reference, new SettlementStore.FundingRow(contract, amount));
        BigInteger owed = ledger.balance(
                        tx, Accounts.receivable(contract, currency).name())
                .map(Money::micros)
                .orElse(BigInteger.ZERO)
                .negate()
                .max(BigInteger.ZERO);
        post(tx, List.of(Deposit.group(contract, amount, owed, reference, document.time())));
    }

    private void post(Handle tx, List<PostingGroup> groups) {
        Map<String, Currency> accounts = new LinkedHashMap<>();
        for (PostingGroup group : groups) {
            for (Transfer transfer : group.transfers()) {
                accounts.put(transfer.debit(), transfer.amount().currency());
                accounts.put(transfer.credit(), transfer.amount().currency());
            }
        }
        List<AccountSpec> specs = new ArrayList<>();
        accounts.forEach((name, currency) -> specs.add(Accounts.named(name, currency)));
        ledger.open(tx, specs).orThrow();
        List<PostOutcome> outcomes = ledger.post(tx, groups);
        for (int i = 0; i < outcomes.size(); i++) {
            if (!(outcomes.get(i) instanceof PostOutcome.Posted)) {
                throw new IllegalStateException(
                        "the ledger does not post " + groups.get(i).description() + ": " + outcomes.get(i));
            }
        }
    }

    @Override
    public void reset(Handle tx) {
        SettlementStore.empty(tx);
        ReservationStore.empty(tx);
        ledger.empty(tx);
    }
}
