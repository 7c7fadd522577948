package org.tallystick.platform.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.ledger.PostedTransfer;
import org.tallystick.platform.metering.Evidence;
import org.tallystick.platform.metering.EvidenceQuery;
import org.tallystick.platform.metering.Located;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.metering.Trace;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.platform.settlement.Due;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.platform.settlement.statements.References;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.statement.Statement;

/**
 * Walks the chain from a receipt to money and back, in words. Each answer names the next step either way, so that a
 * person can follow any amount down to a signed receipt, and any receipt up to a payout.
 *
 * <p>Safe from any thread.
 */
public final class Explain {
    private static final Pattern RECEIPT = Pattern.compile("r-([1-9]\\d{0,8})-([1-9]\\d{0,8})-([1-9]\\d{0,17})");
    private static final Pattern POSTING = Pattern.compile("t-([0-9a-f]{64})");
    private static final Pattern STATEMENT = Pattern.compile("(st-[0-9a-f]{40})(?:/([1-9]\\d{0,5}))?");
    private static final Pattern INVOICE = Pattern.compile("iv-[0-9a-f]{40}");
    private static final int SHOWN = 20;

    private final Database database;
    private final Catalog catalog;
    private final Contracts contracts;
    private final Deliveries delivery;
    private final Metering metering;
    private final Ledger ledger;
    private final Settlement settlement;

    public Explain(
            Database database,
            Catalog catalog,
            Contracts contracts,
            Deliveries delivery,
            Metering metering,
            Ledger ledger,
            Settlement settlement) {
        this.database = database;
        this.catalog = catalog;
        this.contracts = contracts;
        this.delivery = delivery;
        this.metering = metering;
        this.ledger = ledger;
        this.settlement = settlement;
    }

    /**
     * Explains a reference.
     *
     * @param ref {@code r-…}, {@code u:…}, {@code t-…}, {@code st-…}, {@code st-…/n} or {@code iv-…}
     * @return refused {@code explain/malformed} or {@code explain/unknown}
     */
    public Outcome<Explanation> explain(String ref) {
        metering.catchUp();
        Matcher receipt = RECEIPT.matcher(ref);
        if (receipt.matches()) {
            return known("receipt", ref, receipt(ref, receipt));
        }
        List<UsageRef> uses = UsageRef.candidates(ref);
        if (!uses.isEmpty()) {
            return database.read(tx -> usage(tx, ref, uses));
        }
        Matcher posting = POSTING.matcher(ref);
        if (posting.matches()) {
            return known("posting", ref, database.read(tx -> posting(tx, ref, Hash.ofHex(posting.group(1)))));
        }
        Matcher statement = STATEMENT.matcher(ref);
        if (statement.matches()) {
            return database.read(tx -> statement(tx, ref, statement));
        }
        if (INVOICE.matcher(ref).matches()) {
            return known("invoice", ref, database.read(tx -> invoice(tx, ref)));
        }
        return Outcome.refused(Problem.invalid(
                "explain/malformed",
                "Not a reference",
                "a reference is a receipt r-…, a usage u:…, a posting t-…, a statement st-…, its line st-…/n or an"
                        + " invoice iv-…"));
    }

    private static Outcome<Explanation> known(String kind, String ref, Optional<Explanation> found) {
        return found.map(Outcome::accepted).orElseGet(() -> unknown("there is no " + kind + " " + ref));
    }

    private static Outcome<Explanation> unknown(String detail) {
        return Outcome.refused(Problem.notFound("explain/unknown", "Nothing by that reference", detail));
    }

    private Optional<Explanation> receipt(String ref, Matcher parts) {
        Optional<Located> found = metering.locate(
                Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3)));
        return found.map(located -> database.read(tx -> receipt(tx, ref, located)));
    }

    private Explanation receipt(Handle tx, String ref, Located located) {
        Receipt receipt = located.receipt();
        Leaf leaf = receipt.leaf();
        List<String> text = new ArrayList<>(ReceiptExplanation.of(receipt, located.position()));
        Set<PartyId> parties = new LinkedHashSet<>();
        delivery.jobs().grant(tx, leaf.token()).ifPresent(grant -> {
            text.add(ReceiptExplanation.of(grant.grant()));
            parties.add(new PartyId(grant.grant().consumer()));
        });
        List<String> partOf = new ArrayList<>();
        if (leaf.kind() == LeafKind.VOID) {
            partOf.add("r-" + leaf.edge() + "-" + leaf.epoch() + "-" + leaf.refers());
        }
        located.reason().ifPresent(reason -> text.add("It counts for nothing: " + reason.words() + "."));
        located.key().ifPresent(key -> {
            Optional<Member> member = member(tx, key, leaf.content());
            member.ifPresent(found -> parties.add(found.creator()));
            if (located.counts()) {
                text.add("It is a delivery of the work to the job, so the work is in the job's usage set; further"
                        + " deliveries of it to the same job change nothing.");
                partOf.add(usageRef(key, leaf.content()));
            } else if (located.isVoid()) {
                text.add("A later receipt voids it: the delivery broke off, so it counts for nothing.");
                member.ifPresent(found -> partOf.addAll(takenBack(tx, key, found)));
            } else if (leaf.kind() != LeafKind.VOID) {
                text.add("Deliveries of this kind are no use of the work.");
            }
        });
        return new Explanation(ref, "receipt", text, List.of(), partOf, parties);
    }

    /** The statement lines that billed a use and gave it back, where every delivery of it has been taken back since. */
    private List<String> takenBack(Handle tx, UsageKey key, Member member) {
        return metering.trace(tx, key, member.content()).isPresent()
                ? List.of()
                : settlement.references(tx).lines(key, member.ordinal());
    }

    private Optional<Member> member(Handle tx, UsageKey key, ContentId content) {
        return contracts
                .find(tx, key.contract())
                .flatMap(contract -> catalog.member(tx, contract.datasetVersion(), content));
    }

    private Outcome<Explanation> usage(Handle tx, String ref, List<UsageRef> candidates) {
        String why = "there is no use " + ref;
        for (UsageRef candidate : candidates) {
            Optional<Member> member = member(tx, candidate.key(), candidate.content());
            if (member.isPresent()) {
                Optional<Explanation> found = metering.trace(tx, candidate.key(), candidate.content())
                        .map(trace -> usage(tx, ref, candidate, trace, member.get()))
                        .or(() -> givenBack(tx, ref, candidate, member.get()));
                if (found.isPresent()) {
                    return Outcome.accepted(found.get());
                }
                why = "work " + candidate.content() + " of contract "
                        + candidate.key().contract() + " was not used in job "
                        + candidate.key().job() + ", scope "
                        + candidate.key().scope().word();
            }
        }
        return unknown(why);
    }

    /** A use that was billed and then taken back with all its deliveries. */
    private Optional<Explanation> givenBack(Handle tx, String ref, UsageRef usage, Member member) {
        List<String> lines = settlement.references(tx).lines(usage.key(), member.ordinal());
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        EvidenceQuery wanted = new EvidenceQuery(
                usage.key(),
                Instant.EPOCH,
                Instant.MAX,
                Long.MAX_VALUE,
                true,
                RoaringBitmap.bitmapOf(member.ordinal()));
        List<String> receipts = new ArrayList<>();
        for (Evidence evidence : metering.evidence(tx, List.of(wanted)).getFirst()) {
            receipts.add(receiptId(evidence.delivery()));
            evidence.withdrawnBy().ifPresent(place -> receipts.add(receiptId(place)));
        }
        List<String> text = new ArrayList<>(UsageExplanation.of(usage.key(), member, buyer(tx, usage.key())));
        text.add("All its deliveries have been taken back since, the earliest of them " + receipts.getFirst()
                + ", so what was billed was given back.");
        text.add("It is in " + String.join(", ", lines) + ".");
        return Optional.of(
                new Explanation(ref, "usage", text, receipts, lines, Set.of(member.creator(), buyer(tx, usage.key()))));
    }

    private String receiptId(Evidence.Place place) {
        return metering.batches().batch(place.position()).leaf(place.index()).receiptId();
    }

    private PartyId buyer(Handle tx, UsageKey key) {
        return contracts.find(tx, key.contract()).orElseThrow().buyer();
    }

    private Explanation usage(Handle tx, String ref, UsageRef usage, Trace trace, Member member) {
        UsageKey key = usage.key();
        List<String> text = new ArrayList<>(UsageExplanation.of(key, member, buyer(tx, key)));
        Receipt receipt = trace.receipt();
        text.add("The earliest delivery that stands is " + receipt.leaf().receiptId()
                + ", in the batch at log position " + trace.position() + ".");
        References references = settlement.references(tx);
        List<String> partOf = new ArrayList<>(references.lines(key, trace.ordinal()));
        partOf.addAll(references.invoices(key, trace.ordinal()));
        text.add(
                partOf.isEmpty()
                        ? "No period it belongs to is closed yet."
                        : "It is billed in " + String.join(", ", partOf) + ".");
        Set<PartyId> parties = Set.of(member.creator(), buyer(tx, key));
        return new Explanation(ref, "usage", text, List.of(receipt.leaf().receiptId()), partOf, parties);
    }

    private Optional<Explanation> posting(Handle tx, String ref, Hash id) {
        return ledger.byId(tx, id).map(posted -> posting(ref, posted));
    }

    private static Explanation posting(String ref, PostedTransfer posted) {
        var transfer = posted.transfer();
        List<String> text = List.of(
                transfer.amount() + " moved from " + transfer.debit() + " to " + transfer.credit() + " at "
                        + posted.at() + ".",
                "What for: " + transfer.description() + ".",
                "It carries out " + transfer.reference() + ".");
        Set<PartyId> parties = new LinkedHashSet<>();
        AccountNames.party(transfer.debit()).ifPresent(parties::add);
        AccountNames.party(transfer.credit()).ifPresent(parties::add);
        boolean open = STATEMENT.matcher(transfer.reference()).matches()
                || INVOICE.matcher(transfer.reference()).matches();
        return new Explanation(
                ref, "posting", text, open ? List.of(transfer.reference()) : List.of(), List.of(), parties);
    }

    private Outcome<Explanation> statement(Handle tx, String ref, Matcher parts) {
        Optional<StoredStatement> found = settlement.statement(tx, parts.group(1));
        if (found.isEmpty()) {
            return unknown("there is no statement " + ref);
        }
        if (parts.group(2) == null) {
            return Outcome.accepted(statement(tx, ref, found.get()));
        }
        int line = Integer.parseInt(parts.group(2));
        int lines = found.get().statement().lines().size();
        return line > lines
                ? unknown("statement " + parts.group(1) + " has " + lines + (lines == 1 ? " line" : " lines") + ", so "
                        + ref + " is none of them")
                : Outcome.accepted(line(tx, ref, found.get(), line));
    }

    /**
     * What of a contract's earnings may be paid out, and what may not because its buyer has not paid.
     *
     * @param open all that the buyer has not covered of the payee's earnings under the contract
     */
    private static List<String> due(Due due, Money open) {
        Money waits = open.min(due.posted());
        Money covered = due.posted().minus(waits);
        List<String> text = new ArrayList<>();
        if (covered.isPositive()) {
            text.add(covered + " of it, under contract " + due.contract() + ", may be paid out from "
                    + Times.text(due.from())
                    + due.window()
                            .map(window -> ", when the " + window + " for disputes are over.")
                            .orElse(", since no time for disputes was agreed on."));
        }
        if (waits.isPositive()) {
            text.add(waits + " of it, under contract " + due.contract()
                    + ", is owed by the buyer: it is not due before the buyer has paid and a close has passed it on.");
        }
        return text;
    }

    private Explanation statement(Handle tx, String ref, StoredStatement stored) {
        Statement statement = stored.statement();
        List<String> text = new ArrayList<>();
        text.add("Statement of " + stored.party() + " for period " + statement.period() + ": " + stored.total() + " in "
                + statement.lines().size() + (statement.lines().size() == 1 ? " line." : " lines."));
        text.add("It is a function of the first " + statement.position() + " entries of the log; its hash is "
                + stored.hash().hex() + ".");
        if (statement.lines().isEmpty()) {
            text.add("No work was used in the period.");
        }
        settlement.dues(tx, stored).stream()
                .filter(due -> due.posted().isPositive())
                .forEach(due -> text.addAll(due(
                        due,
                        settlement.owedByBuyer(
                                tx,
                                due.contract(),
                                stored.party(),
                                stored.total().currency()))));
        List<String> lines = new ArrayList<>();
        for (int line = 1; line <= statement.lines().size(); line++) {
            lines.add(statement.lineId(line));
        }
        List<String> postings = settlement.references(tx).postings(stored).stream()
                .map(id -> "t-" + id.hex())
                .toList();
        return new Explanation(ref, "statement", text, lines, postings, Set.of(stored.party()));
    }

    private Explanation line(Handle tx, String ref, StoredStatement stored, int number) {
        Statement.Line line = stored.statement().lines().get(number - 1);
        List<String> text = new ArrayList<>(LineExplanation.of(stored, line));
        List<String> uses = new ArrayList<>();
        settlement
                .references(tx)
                .works(stored, number, SHOWN)
                .forEach(work -> uses.add(usageRef(work.key(), work.content())));
        if (uses.size() < line.worth().uses() && line.kind() != Statement.Kind.FLAT) {
            text.add("The first " + uses.size() + " of its " + line.worth().uses() + " uses are named here.");
        }
        List<String> partOf = new ArrayList<>(List.of(stored.id()));
        line.corrects().ifPresent(partOf::add);
        return new Explanation(ref, "line", text, uses, partOf, Set.of(stored.party()));
    }

    private Optional<Explanation> invoice(Handle tx, String ref) {
        Optional<StoredInvoice> found = settlement.invoice(tx, ref);
        return found.map(stored -> {
            List<String> postings = settlement.references(tx).postings(stored).stream()
                    .map(id -> "t-" + id.hex())
                    .toList();
            List<String> uses = settlement.references(tx).works(stored, SHOWN).stream()
                    .map(work -> usageRef(work.key(), work.content()))
                    .distinct()
                    .toList();
            return new Explanation(
                    ref, "invoice", InvoiceExplanation.of(stored), uses, postings, Set.of(stored.buyer()));
        });
    }

    private static String usageRef(UsageKey key, ContentId content) {
        return "u:" + key.contract() + ":" + key.job() + ":" + key.scope().word() + ":" + content.hex();
    }
}
