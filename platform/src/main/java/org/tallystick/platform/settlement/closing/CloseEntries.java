package org.tallystick.platform.settlement.closing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.CloseKey;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.usage.ContractNode;

/**
 * The room's entries in the log, written and read in one place. A close is one small entry that commits to everything by
 * a root, followed by its parts: the works billed, the invoices, the postings, the statements, in runs of a few hundred.
 */
public final class CloseEntries {
    public static final String FUNDED = "escrow-funded";
    public static final String CLOSE = "close";

    /** Stands right before the entry of the close whose salts it holds; auditors read it, payees never do. */
    public static final String KEY = "close-key";

    public static final String SETS = "close-sets";
    public static final String INVOICES = "close-invoices";
    public static final String POSTINGS = "close-postings";
    public static final String STATEMENTS = "close-statements";

    /** Member of a close entry: version of its statements and invoices; entries without it stand for version 1. */
    private static final String NOTATION = "notation";

    /** Member of a close entry: 2 where it commits by {@link Commitments} with a key; absent in closes before that. */
    private static final String COMMITS = "commits";

    /** Member of a close entry beside {@link #COMMITS}: how many contracts' nodes its root commits to. */
    private static final String CONTRACTS = "contracts";

    /** Member of an item of {@link #INVOICES}: what the close commits to of the contract, see {@link ContractNode}. */
    private static final String NODE = "node";

    /** Member of a close entry: payees are credited only what is covered; absent before that was so. */
    private static final String COVERAGE = "coverage";

    /** Member of a close entry: contracts it could not rate; absent where there are none. */
    private static final String SET_ASIDE = "set_aside";

    private static final int RUN = 500;

    private CloseEntries() {}

    public static Json.Obj funded(ContractId contract, Money amount, String reference, PartyId by) {
        return Json.object()
                .put("contract", contract.value())
                .put("amount", amount.toDecimal())
                .put("currency", amount.currency().code())
                .put("reference", reference)
                .put("by", by.value())
                .build();
    }

    private static Json.Obj close(CloseInput input, CloseResult result, List<Invoice> invoices, CloseForm form) {
        Commitments commitments = form.commitments();
        Period period = input.period();
        Json.Builder close = Json.object()
                .put("number", input.number())
                .put("period", period.id())
                .put("from", period.from())
                .put("to", period.to())
                .put("position", input.position())
                .put("statements", result.statements().size())
                .put("invoices", invoices.size())
                .put("root", root(result.statements(), invoices, form).hex());
        if (commitments.key().isPresent()) {
            close.put(COMMITS, 2).put(CONTRACTS, form.contracts().size());
        }
        if (result.notation() != Notation.FRACTIONS) {
            close.put(NOTATION, result.notation().version());
        }
        if (form.coverage()) {
            close.put(COVERAGE, true);
        }
        if (!result.setAside().isEmpty()) {
            close.put(
                    SET_ASIDE,
                    Json.array(result.setAside().stream().map(SetAside::json).toList()));
        }
        return close.build();
    }

    /** Everything a close appends, its key first where it has one. */
    public static List<Draft> drafts(
            CloseInput input,
            CloseResult result,
            List<Invoice> invoices,
            List<Transfers.OfContract> transfers,
            CloseForm form) {
        Commitments commitments = form.commitments();
        List<Draft> drafts = new ArrayList<>();
        commitments.key().ifPresent(key -> drafts.add(Draft.document(KEY, key(input.number(), key))));
        drafts.add(Draft.document(CLOSE, close(input, result, invoices, form)));
        List<Json> sets = new ArrayList<>();
        List<Json> bills = new ArrayList<>();
        for (int i = 0; i < invoices.size(); i++) {
            CloseResult.OfContract contract = result.contracts().get(i);
            contract.parts().forEach(part -> sets.add(set(part)));
            Json.Builder bill = Json.object()
                    .put("invoice", invoices.get(i).json())
                    .put(
                            "fee_posted",
                            Money.ofMicros(contract.currency(), contract.feePosted())
                                    .toDecimal())
                    .put("flat", contract.flat());
            if (i < form.contracts().size()) {
                Hash hash = invoices.get(i).hash();
                bill.put(
                        NODE,
                        Base64Url.encode(form.contracts().get(i).node(hash).encode()));
            }
            bills.add(bill.build());
        }
        List<Json> groups = new ArrayList<>();
        for (Transfers.OfContract contract : transfers) {
            if (!contract.transfers().isEmpty()) {
                groups.add(group(contract));
            }
        }
        runs(drafts, SETS, input.number(), sets);
        runs(drafts, INVOICES, input.number(), bills);
        runs(drafts, POSTINGS, input.number(), groups);
        runs(
                drafts,
                STATEMENTS,
                input.number(),
                result.statements().parallelStream()
                        .map(item -> item.statement().json())
                        .toList());
        return drafts;
    }

    /** How the statements and invoices of a close write exact amounts, by its entry. */
    public static Notation notation(Fields close) {
        long version = close.optionalInteger(NOTATION, 1, Integer.MAX_VALUE).orElse(1L);
        return Notation.ofVersion(version)
                .orElseThrow(() -> new MalformedException(
                        "close/notation", "a close in notation " + version + ", which is not known here"));
    }

    /** Whether a close credits payees only what is covered, by its entry. */
    public static boolean coverage(Fields close) {
        return close.optionalBool(COVERAGE).orElse(false);
    }

    /** The contracts that a close could not rate, by its entry. */
    public static List<SetAside> setAside(Fields close) {
        return close.object().get(SET_ASIDE).isEmpty()
                ? List.of()
                : close.objects(SET_ASIDE).stream().map(SetAside::of).toList();
    }

    private static void runs(List<Draft> drafts, String type, int number, List<? extends Json> items) {
        for (int from = 0; from < items.size(); from += RUN) {
            drafts.add(Draft.document(
                    type,
                    Json.object()
                            .put("number", number)
                            .put("items", Json.array(items.subList(from, Math.min(items.size(), from + RUN))))
                            .build()));
        }
    }

    /** The root that the close entry commits to: statements, invoices and nodes of contracts, each in order of id. */
    public static Hash root(List<Sealed> statements, List<Invoice> invoices, CloseForm form) {
        Commitments commitments = form.commitments();
        List<Hash> leaves = new ArrayList<>();
        Map<String, Hash> hashes = new HashMap<>();
        invoices.forEach(invoice -> hashes.put(invoice.contract(), invoice.hash()));
        statements.forEach(statement -> leaves.add(commitments.leaf(statement.id(), statement.hash())));
        invoices.stream()
                .sorted(java.util.Comparator.comparing(Invoice::id))
                .forEach(invoice -> leaves.add(
                        commitments.leaf(invoice.id(), Objects.requireNonNull(hashes.get(invoice.contract())))));
        form.contracts()
                .forEach(contract -> leaves.add(contract.node(Objects.requireNonNull(
                                hashes.get(contract.contract().value())))
                        .leafHash()));
        return MerkleTree.root(leaves);
    }

    /** The node of the contract of an item of {@link #INVOICES}; empty in closes of before the log's change of format. */
    static Optional<byte[]> node(Fields item) {
        return item.optionalText(NODE).map(text -> Base64Url.decode(text, "close/node"));
    }

    private static Json.Obj key(int number, CloseKey key) {
        return Json.object().put("number", number).put("key", key.bytes().hex()).build();
    }

    /** How the close commits whose entry stands at a position, by the entry before it; reads the log through the function. */
    public static Commitments commitments(long close, LongFunction<LogEntry> log) {
        if (close > 0
                && log.apply(close - 1) instanceof LogEntry.DocumentEntry before
                && before.type().equals(KEY)) {
            return commitments(Fields.of(before.body(), KEY));
        }
        return Commitments.PLAIN;
    }

    /** How the close commits that comes after an entry of type {@link #KEY}. */
    public static Commitments commitments(Fields key) {
        return new Commitments(Optional.of(new CloseKey(Hash.ofHex(key.text("key")))));
    }

    /** The bytes follow from the works alone: how a set came about decides whether a short run stays one. */
    static Json.Obj set(CloseInput.BilledSet part) {
        RoaringBitmap works = part.works();
        works.removeRunCompression();
        works.runOptimize();
        byte[] bytes = new byte[works.serializedSizeInBytes()];
        works.serialize(java.nio.ByteBuffer.wrap(bytes));
        return Json.object()
                .put("contract", part.key().contract().value())
                .put("job", part.key().job().value())
                .put("scope", part.key().scope().word())
                .put("dataset", part.dataset().hex())
                .put("used_in", part.usedIn())
                .put("taken", part.withdrawn())
                .put("works", Base64.getEncoder().encodeToString(bytes))
                .build();
    }

    public static CloseInput.BilledSet set(Fields item, int close) {
        UsageKey key = new UsageKey(
                new ContractId(item.text("contract")), new JobId(item.text("job")), Scope.ofWord(item.text("scope")));
        return new CloseInput.BilledSet(
                key,
                Hash.ofHex(item.text("dataset")),
                close,
                (int) item.integer("used_in", 1, Integer.MAX_VALUE),
                item.optionalBool("taken").orElse(false),
                works(Base64.getDecoder().decode(item.text("works"))));
    }

    static RoaringBitmap works(byte[] bytes) {
        RoaringBitmap works = new RoaringBitmap();
        try {
            works.deserialize(java.nio.ByteBuffer.wrap(bytes));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return works;
    }

    private static Json.Obj group(Transfers.OfContract contract) {
        List<Json> transfers = new ArrayList<>();
        for (Transfer transfer : contract.transfers()) {
            transfers.add(Json.object()
                    .put("id", transfer.id().hex())
                    .put("debit", transfer.debit())
                    .put("credit", transfer.credit())
                    .put("amount", transfer.amount().toDecimal())
                    .put("currency", transfer.amount().currency().code())
                    .put("description", transfer.description())
                    .put("reference", transfer.reference())
                    .build());
        }
        return Json.object()
                .put("contract", contract.contract().value())
                .put("transfers", Json.array(transfers))
                .build();
    }

    /** The posting group of one contract; it takes effect at the end of its period. */
    public static PostingGroup group(Fields item, String platform, Period period) {
        ContractId contract = new ContractId(item.text("contract"));
        List<Transfer> transfers = new ArrayList<>();
        for (Fields transfer : item.objects("transfers")) {
            transfers.add(new Transfer(
                    Hash.ofHex(transfer.text("id")),
                    transfer.text("debit"),
                    transfer.text("credit"),
                    Money.parse(Currency.of(transfer.text("currency")), transfer.text("amount")),
                    transfer.text("description"),
                    transfer.text("reference")));
        }
        return new PostingGroup(
                groupId(platform, period.id(), contract),
                period.to(),
                "close of " + period.id() + " for contract " + contract,
                Invoices.id(platform, period.id(), contract),
                transfers);
    }

    static Hash groupId(String platform, String period, ContractId contract) {
        String named = String.join("\n", "tallystick/close/v1", platform, period, contract.value());
        return Sha256.hash(named.getBytes(StandardCharsets.UTF_8));
    }
}
