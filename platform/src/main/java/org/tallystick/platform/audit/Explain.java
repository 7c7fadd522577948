package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Delivery;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.ledger.PostedTransfer;
import org.tallystick.platform.metering.Located;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.metering.Trace;
import org.tallystick.platform.metering.UsageKey;
import org.tallystick.platform.settlement.References;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.StoredInvoice;
import org.tallystick.platform.settlement.StoredStatement;
import org.tallystick.protocol.ContentId;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Leaf;
import org.tallystick.protocol.MalformedException;
import org.tallystick.protocol.Receipt;
import org.tallystick.protocol.Scope;
import org.tallystick.protocol.Statement;

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

    private final Ground ground;

    /** The rooms asked. */
    public record Ground(
            Database database,
            Catalog catalog,
            Contracts contracts,
            Delivery delivery,
            Metering metering,
            Ledger ledger,
            Settlement settlement) {}

    public Explain(Ground ground) {
        this.ground = ground;
    }

    /**
     * Explains a reference.
     *
     * @param ref {@code r-…}, {@code u:…}, {@code t-…}, {@code st-…}, {@code st-…/n} or {@code iv-…}
     * @return refused {@code explain/malformed} or {@code explain/unknown}
     */
    public Outcome<Explanation> explain(String ref) {
        ground.metering().catchUp();
        Matcher receipt = RECEIPT.matcher(ref);
        if (receipt.matches()) {
            return known(ref, receipt(ref, receipt));
        }
        if (ref.startsWith("u:")) {
            return known(ref, ground.database().read(tx -> usage(tx, ref)));
        }
        Matcher posting = POSTING.matcher(ref);
        if (posting.matches()) {
            return known(ref, ground.database().read(tx -> posting(tx, ref, Hash.ofHex(posting.group(1)))));
        }
        Matcher statement = STATEMENT.matcher(ref);
        if (statement.matches()) {
            return known(ref, ground.database().read(tx -> statement(tx, ref, statement)));
        }
        if (INVOICE.matcher(ref).matches()) {
            return known(ref, ground.database().read(tx -> invoice(tx, ref)));
        }
        return Outcome.refused(Problem.invalid(
                "explain/malformed",
                "Not a reference",
                "a reference is a receipt r-…, a usage u:…, a posting t-…, a statement st-…, its line st-…/n or an"
                        + " invoice iv-…"));
    }

    private static Outcome<Explanation> known(String ref, Optional<Explanation> found) {
        return found.map(Outcome::accepted)
                .orElseGet(() -> Outcome.refused(Problem.notFound(
                        "explain/unknown", "Nothing by that reference", "nothing is known by " + ref)));
    }

    private Optional<Explanation> receipt(String ref, Matcher parts) {
        Optional<Located> found = ground.metering()
                .locate(
                        Integer.parseInt(parts.group(1)),
                        Integer.parseInt(parts.group(2)),
                        Long.parseLong(parts.group(3)));
        return found.map(located -> ground.database().read(tx -> receipt(tx, ref, located)));
    }

    private Explanation receipt(Handle tx, String ref, Located located) {
        Receipt receipt = located.receipt();
        Leaf leaf = receipt.leaf();
        List<String> text = new ArrayList<>(ReceiptWords.of(receipt, located.position()));
        Set<PartyId> parties = new LinkedHashSet<>();
        ground.delivery().jobs().grant(tx, leaf.token()).ifPresent(grant -> {
            text.add(ReceiptWords.of(grant.grant()));
            parties.add(new PartyId(grant.grant().consumer()));
        });
        List<String> partOf = new ArrayList<>();
        if (located.isVoid()) {
            text.add("A later receipt voids it: the delivery broke off, so it counts for nothing.");
        }
        located.reason().ifPresent(reason -> text.add("It counts for nothing: " + reason.words() + "."));
        located.key().ifPresent(key -> {
            member(tx, key, leaf.content()).ifPresent(member -> parties.add(member.creator()));
            if (located.counts()) {
                text.add("It is a delivery of the work to the job, so the work is in the job's usage set; further"
                        + " deliveries of it to the same job change nothing.");
                partOf.add(usageRef(key, leaf.content()));
            } else if (!located.isVoid()) {
                text.add("Deliveries of this kind are no use of the work.");
            }
        });
        return new Explanation(ref, "receipt", text, List.of(), partOf, parties);
    }

    private Optional<Member> member(Handle tx, UsageKey key, ContentId content) {
        return ground.contracts()
                .find(tx, key.contract())
                .flatMap(contract -> ground.catalog().member(tx, contract.datasetVersion(), content));
    }

    private Optional<Explanation> usage(Handle tx, String ref) {
        for (UsageRef candidate : UsageRef.candidates(ref)) {
            Optional<Trace> trace = ground.metering().trace(tx, candidate.key(), candidate.content());
            Optional<Member> member = member(tx, candidate.key(), candidate.content());
            if (trace.isPresent() && member.isPresent()) {
                return Optional.of(usage(tx, ref, candidate, trace.get(), member.get()));
            }
        }
        return Optional.empty();
    }

    private Explanation usage(Handle tx, String ref, UsageRef usage, Trace trace, Member member) {
        UsageKey key = usage.key();
        Contract contract = ground.contracts().find(tx, key.contract()).orElseThrow();
        List<String> text = new ArrayList<>();
        text.add("Work " + usage.content() + " (" + member.path() + ") by " + member.creator() + " was used by "
                + contract.buyer() + " in job " + key.job() + " under contract " + key.contract() + ", scope "
                + key.scope().word() + ".");
        text.add("It counts once in that job, however often it was delivered.");
        Receipt receipt = trace.receipt();
        text.add("The earliest delivery that stands is " + receipt.leaf().receiptId()
                + ", in the batch at log position " + trace.position() + ".");
        References references = ground.settlement().references(tx);
        List<String> partOf = new ArrayList<>(references.lines(key, trace.ordinal()));
        partOf.addAll(references.invoices(key, trace.ordinal()));
        text.add(
                partOf.isEmpty()
                        ? "No period it belongs to is closed yet."
                        : "It is billed in " + String.join(", ", partOf) + ".");
        Set<PartyId> parties = Set.of(member.creator(), contract.buyer());
        return new Explanation(ref, "usage", text, List.of(receipt.leaf().receiptId()), partOf, parties);
    }

    private Optional<Explanation> posting(Handle tx, String ref, Hash id) {
        return ground.ledger().byId(tx, id).map(posted -> posting(ref, posted));
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

    private Optional<Explanation> statement(Handle tx, String ref, Matcher parts) {
        Optional<StoredStatement> found = ground.settlement().statement(tx, parts.group(1));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (parts.group(2) == null) {
            return Optional.of(statement(tx, ref, found.get()));
        }
        int line = Integer.parseInt(parts.group(2));
        return line > found.get().statement().lines().size()
                ? Optional.empty()
                : Optional.of(line(tx, ref, found.get(), line));
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
        List<String> lines = new ArrayList<>();
        for (int line = 1; line <= statement.lines().size(); line++) {
            lines.add(statement.lineId(line));
        }
        List<String> postings = ground.settlement().references(tx).postings(stored).stream()
                .map(id -> "t-" + id.hex())
                .toList();
        return new Explanation(ref, "statement", text, lines, postings, Set.of(stored.party()));
    }

    private Explanation line(Handle tx, String ref, StoredStatement stored, int number) {
        Statement.Line line = stored.statement().lines().get(number - 1);
        List<String> text = new ArrayList<>(LineWords.of(stored, line));
        List<String> uses = new ArrayList<>();
        ground.settlement()
                .references(tx)
                .works(stored, number, SHOWN)
                .forEach(work -> uses.add(usageRef(work.key(), work.content())));
        if (uses.size() < line.uses() && line.kind() != Statement.Kind.FLAT) {
            text.add("The first " + uses.size() + " of its " + line.uses() + " uses are named here.");
        }
        return new Explanation(ref, "line", text, uses, List.of(stored.id()), Set.of(stored.party()));
    }

    private Optional<Explanation> invoice(Handle tx, String ref) {
        Optional<StoredInvoice> found = ground.settlement().invoice(tx, ref);
        return found.map(stored -> {
            List<String> postings = ground.settlement().references(tx).postings(stored).stream()
                    .map(id -> "t-" + id.hex())
                    .toList();
            List<String> text = List.of(
                    "Invoice for contract " + stored.contract() + ", period " + stored.period() + ": " + stored.total()
                            + ".",
                    "Its buyer is " + stored.buyer() + "; its hash is "
                            + stored.hash().hex() + ".");
            return new Explanation(ref, "invoice", text, List.of(), postings, Set.of(stored.buyer()));
        });
    }

    private static String usageRef(UsageKey key, ContentId content) {
        return "u:" + key.contract() + ":" + key.job() + ":" + key.scope().word() + ":" + content.hex();
    }

    /** A usage reference taken apart; ids may hold colons, so there may be more than one way. */
    private record UsageRef(UsageKey key, ContentId content) {
        static List<UsageRef> candidates(String ref) {
            List<String> parts = List.of(ref.substring(2).split(":", -1));
            List<UsageRef> found = new ArrayList<>();
            for (int jobAt = 1; jobAt < parts.size() - 2; jobAt++) {
                split(parts, jobAt).ifPresent(found::add);
            }
            return found;
        }

        private static Optional<UsageRef> split(List<String> parts, int jobAt) {
            int scopeAt = parts.size() - 2;
            try {
                ContractId contract = new ContractId(String.join(":", parts.subList(0, jobAt)));
                JobId job = new JobId(String.join(":", parts.subList(jobAt, scopeAt)));
                UsageKey key = new UsageKey(contract, job, Scope.ofWord(parts.get(scopeAt)));
                return Optional.of(new UsageRef(key, ContentId.parse("sha256:" + parts.get(scopeAt + 1))));
            } catch (MalformedException | RefusedException e) {
                return Optional.empty(); // not a reference when split here
            }
        }
    }
}
