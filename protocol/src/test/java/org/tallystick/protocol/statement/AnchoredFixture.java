package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.FormatChange;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;
import org.tallystick.protocol.usage.AmountLeaf;
import org.tallystick.protocol.usage.CommittedUsage;
import org.tallystick.protocol.usage.ContractKey;
import org.tallystick.protocol.usage.Creators;
import org.tallystick.protocol.usage.UsageNames;

/**
 * A whole log in memory, from the parties' keys to two closes, and statement files of version 2 that rest on it. The platform
 * of a test can put anything into its log, so that what a file proves by itself is told from what only the log shows.
 */
abstract class AnchoredFixture extends StatementFixture {
    static final CloseKey KEY = CloseKey.derive(new byte[32], "log.example/tally", "2026-01");
    static final Creators CREATORS = new Creators(new int[] {0, 4, WORKS});
    static final int BUYER = 1;
    static final int CONTRACT = 5;
    static final int GRANT = 6;
    static final int BATCH = 7;
    static final int FIRST_CLOSE = 9;
    static final int SECOND_CLOSE = 11;

    /** The log, entry by entry; tests change it before they ask for a file. */
    final List<LogEntry> log = new ArrayList<>();

    /** Who is paid on all works that are used. */
    Set<String> recipients = Set.of("curator-11");

    /** Ordinals used; creator-1 made the first four works, creator-2 the others. */
    List<Integer> used = List.of(0, 1, 2, 3, 4, 5, 6);

    /** Members of the dataset version that a file shows. */
    List<Integer> shownMembers = List.of(0, 1, 2, 3, 4, 5, 6);

    /** Works whose members files show beside those of the receipts. */
    final List<Integer> alsoShown = new ArrayList<>();

    AnchoredFixture() {
        log.add(document(FormatChange.TYPE, FormatChange.body()));
        for (String party : SIGNERS) {
            byte[] key = (party.equals("buyer-7") ? Deliveries.EDGE : CREATOR).publicKey();
            log.add(party(party, new DidKey(key)));
        }
        log.add(document("contract", contract.json()));
        log.add(document("grant", grant.claims()));
        log.add(entry);
        log.add(document("close-key", Json.object().put("number", 1).build()));
        log.add(close(first(), 8));
        log.add(document("close-key", Json.object().put("number", 2).build()));
        log.add(close(second(), 10));
    }

    static LogEntry.DocumentEntry document(String type, Json.Obj body) {
        return new LogEntry.DocumentEntry(type, Deliveries.START, body);
    }

    static LogEntry.DocumentEntry party(String id, DidKey key) {
        return document(
                "party",
                Json.object()
                        .put("id", id)
                        .put("role", "creator")
                        .put("key", key.toString())
                        .build());
    }

    /** The entry of a close that issues one paper and another of the other kind that nobody sees. */
    LogEntry.DocumentEntry close(Paper issued, long position) {
        return close(issued, position, issued.period().equals("2026-01") ? 1 : 2);
    }

    LogEntry.DocumentEntry close(Paper issued, long position, int number) {
        List<Hash> leaves = leaves(issued);
        Hash root = MerkleTree.root(leaves);
        return document(
                "close",
                Json.object()
                        .put("commits", 2)
                        .put("contracts", leaves.size() - 2)
                        .put("from", issued.from())
                        .put("invoices", 1)
                        .put("notation", issued.notation().version())
                        .put("number", number)
                        .put("period", issued.period())
                        .put("position", position)
                        .put("root", root.hex())
                        .put("statements", 1)
                        .put("to", issued.to())
                        .build());
    }

    /** Statement, invoice, and of a statement's close also what it commits to of each of its contracts. */
    private List<Hash> leaves(Paper issued) {
        return switch (issued) {
            case Invoice invoice -> List.of(sibling(), leaf(invoice));
            case Statement statement -> {
                List<Hash> leaves = new ArrayList<>(List.of(leaf(statement), sibling()));
                contracts(statement)
                        .forEach(id -> leaves.add(usage(statement, id).node().leafHash()));
                yield leaves;
            }
        };
    }

    private static List<String> contracts(Statement issued) {
        List<String> contracts = issued.contracts().stream()
                .map(Statement.ContractTotal::contract)
                .distinct()
                .toList();
        return contracts.isEmpty() ? List.of("cnf-1") : contracts;
    }

    CommittedUsage usage(Statement issued) {
        return usage(issued, contracts(issued).getFirst());
    }

    /** What a close commits to of a contract: whatever the test says is used, and the sums of the statement it issues. */
    CommittedUsage usage(Statement issued, String contract) {
        ContractKey key = KEY.contract(contract);
        Statement.ContractTotal total = issued.contracts().stream()
                .filter(of -> of.contract().equals(contract))
                .findFirst()
                .orElseGet(() -> total(contract, Exact.ZERO, Exact.ZERO, 0, 0));
        Exact due = total.exactAfter().isNegative() ? Exact.ZERO : total.exactAfter();
        List<Statement.Line> lines = issued.lines().stream()
                .filter(line -> line.contract().equals(contract))
                .toList();
        List<AmountLeaf> amounts = new ArrayList<>();
        amounts.add(new AmountLeaf(
                issued.party(),
                due,
                total.postedBefore().add(total.posted()),
                Statement.linesHash(lines),
                key.amountSalt(issued.party())));
        if (!issued.party().equals("creator-2")) {
            amounts.add(CommittedUsage.amount(key, "creator-2", "0.012", 12_000, nothing()));
        }
        if (!issued.party().equals("curator-11")) {
            amounts.add(CommittedUsage.amount(key, "curator-11", "0.007", 7_000, nothing()));
        }
        List<CommittedUsage.UsedSet> sets = contract.equals("cnf-1") ? sets(issued) : List.of();
        return new CommittedUsage(contract, key, CREATORS, sets, amounts, nothing());
    }

    /** The sets that a close has, of the first job training only. */
    List<CommittedUsage.UsedSet> sets(Statement issued) {
        return List.of(set("job-1", used));
    }

    static CommittedUsage.UsedSet set(String job, List<Integer> used) {
        String name = UsageNames.set("cnf-1", job, Scope.TRAINING);
        return new CommittedUsage.UsedSet(name, KEY.set("cnf-1", job, Scope.TRAINING), used);
    }

    /** The first contract's node in the close that issued a statement, opened to its party. */
    OpenedUsage opened(int close, Statement issued) {
        return opened(close, issued, contracts(issued).getFirst());
    }

    private OpenedUsage opened(int close, Statement issued, String contract) {
        int index = 2 + contracts(issued).indexOf(contract);
        int creator = List.of("creator-1", "creator-2").indexOf(issued.party());
        return new OpenedUsage(
                close,
                index,
                MerkleTree.inclusionPath(leaves(issued), index),
                usage(issued, contract).open(creator, recipients.contains(issued.party()), 0));
    }

    static Hash leaf(Paper issued) {
        return MerkleTree.leafHash(KEY.salt(issued.id()).commit(issued.hash()).toBytes());
    }

    static Hash sibling() {
        return MerkleTree.leafHash(new byte[] {1});
    }

    /** Four works at 0.005, four fifths of it for their creator. */
    Statement first() {
        return statement("creator-1", 8, List.of(line(Statement.Basis.CREATOR, 4, "0.005", "0.8")), 16_000);
    }

    /** The month after, in which nothing was used. */
    Statement second() {
        return second(total("cnf-1", Exact.parse("0.016", "before"), Exact.ZERO, 16_000, 0));
    }

    Statement second(Statement.ContractTotal total) {
        return new Statement(
                Notation.DECIMALS,
                "log.example/tally",
                "creator-1",
                "2026-02",
                Deliveries.START.plusSeconds(86_400),
                Deliveries.START.plusSeconds(2 * 86_400),
                "USD",
                10,
                Optional.of(first().hash()),
                List.of(),
                List.of(total));
    }

    static Statement.ContractTotal total(String contract, Exact before, Exact exact, long postedBefore, long posted) {
        return new Statement.ContractTotal(
                contract, before, exact, BigInteger.valueOf(postedBefore), BigInteger.valueOf(posted));
    }

    Issued issued(int close, Paper paper, boolean shown) {
        return new Issued(
                close,
                paper instanceof Invoice ? 1 : 0,
                MerkleTree.inclusionPath(leaves(paper), paper instanceof Invoice ? 1 : 0),
                Optional.of(KEY.salt(paper.id())),
                shown ? Optional.of(paper) : Optional.empty());
    }

    /** Seven works at 0.005, most of it covered by escrow. */
    Invoice bill() {
        Invoice.Line line = new Invoice.Line(
                Statement.Kind.USAGE,
                "job-1",
                Scope.TRAINING,
                WORKS,
                new BigDecimal("0.005"),
                Exact.parse("0.035", "line"),
                Optional.empty());
        return bill(List.of(line), total("cnf-1", Exact.ZERO, Exact.parse("0.035", "x"), 0, 35_000), 30_000);
    }

    static Invoice bill(List<Invoice.Line> lines, Statement.ContractTotal total, long fromEscrow) {
        return new Invoice(
                Notation.DECIMALS,
                "log.example/tally",
                "2026-01",
                Deliveries.START,
                Deliveries.START.plusSeconds(86_400),
                8,
                "cnf-1",
                "buyer-7",
                "USD",
                Optional.empty(),
                lines,
                total,
                Exact.ZERO,
                BigInteger.valueOf(fromEscrow));
    }

    /** The month after, in which nothing was used. */
    Invoice nextBill() {
        return new Invoice(
                Notation.DECIMALS,
                "log.example/tally",
                "2026-02",
                Deliveries.START.plusSeconds(86_400),
                Deliveries.START.plusSeconds(2 * 86_400),
                10,
                "cnf-1",
                "buyer-7",
                "USD",
                Optional.of(bill().hash()),
                List.of(),
                total("cnf-1", Exact.parse("0.035", "x"), Exact.ZERO, 35_000, 0),
                Exact.ZERO,
                BigInteger.ZERO);
    }

    /** The file of an invoice that the first close issues; of all receipts where no others are named. */
    byte[] invoiceFile(Invoice invoice, int... leaves) {
        log.set(FIRST_CLOSE, close(invoice, 8));
        int[] shown =
                leaves.length > 0 || invoice.lines().isEmpty() ? leaves : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        return file(invoice, List.of(issued(FIRST_CLOSE, invoice, false)), FIRST_CLOSE, shown);
    }

    byte[] nextInvoiceFile(Invoice invoice) {
        return paperFile(
                invoice,
                SECOND_CLOSE,
                List.of(issued(SECOND_CLOSE, invoice, false), issued(FIRST_CLOSE, bill(), true)));
    }

    /** A file without receipts under the second close, the first having issued the first invoice. */
    byte[] paperFile(Invoice invoice, int close, List<Issued> places) {
        log.set(FIRST_CLOSE, close(bill(), 8));
        log.set(close, close(invoice, 10));
        return file(invoice, places, close);
    }

    /** An invoice under a flat price, issued by the first close, with these members shown. */
    byte[] flatInvoiceFile(Invoice invoice, Integer... works) {
        return flatFile(invoice, works);
    }

    byte[] firstFile() {
        return file(first(), List.of(issued(FIRST_CLOSE, first(), false)), FIRST_CLOSE, 0, 1, 2, 3, 7);
    }

    byte[] secondFile(Statement statement) {
        log.set(SECOND_CLOSE, close(statement, 10));
        return file(
                statement,
                List.of(issued(SECOND_CLOSE, statement, false), issued(FIRST_CLOSE, first(), true)),
                SECOND_CLOSE);
    }

    /** A file under the checkpoint of the whole log. */
    byte[] file(Paper paper, List<Issued> issued, int close, int... leaves) {
        StatementEvidence evidence = new StatementEvidence();
        TreeSet<Long> shown = new TreeSet<>();
        for (int at = 0; at <= close; at++) {
            if (log.get(at) instanceof LogEntry.DocumentEntry document
                    && List.of("party", "key-rotated", "contract", "grant", "close")
                            .contains(document.type())) {
                evidence.addDocument(at, document);
                shown.add((long) at);
            }
        }
        issued.forEach(evidence::addIssued);
        if (paper instanceof Statement statement) {
            openings(statement, issued).forEach(evidence::addUsage);
        }
        TreeSet<Integer> works = new TreeSet<>(shownMembers);
        works.addAll(alsoShown);
        members(evidence, works);
        if (leaves.length > 0) {
            receipts(evidence, leaves);
            shown.add((long) BATCH);
        }
        sign(evidence, shown);
        return PaperFile.sign(paper, evidence, PLATFORM);
    }

    /** What a file shows of closes; tests that lie about it say something else here. */
    List<OpenedUsage> openings(Statement statement, List<Issued> issued) {
        List<OpenedUsage> openings = new ArrayList<>();
        int own = (int) issued.getFirst().close();
        contracts(statement).forEach(contract -> openings.add(opened(own, statement, contract)));
        issued.stream().skip(1).findFirst().ifPresent(place -> {
            Statement earlier = (Statement) place.paper().orElseThrow();
            contracts(earlier).forEach(contract -> openings.add(opened((int) place.close(), earlier, contract)));
        });
        return openings;
    }

    private void receipts(StatementEvidence evidence, int... leaves) {
        evidence.addCertificate(Deliveries.CERTIFICATE.sign(Deliveries.PLATFORM));
        TreeSet<Integer> indices = new TreeSet<>();
        for (int leaf : leaves) {
            indices.add(leaf);
        }
        evidence.addBatch(BATCH, entry, batch, indices);
    }

    final void members(StatementEvidence evidence, Iterable<Integer> works) {
        TreeMap<Long, Json.Obj> some = new TreeMap<>();
        works.forEach(work -> some.put((long) work, members.get(work)));
        List<Hash> all =
                members.stream().map(m -> MerkleTree.leafHash(Jcs.bytes(m))).toList();
        evidence.addVersion(root, WORKS, some, MultiProof.prove(WORKS, some.navigableKeySet(), MultiProof.of(all)));
    }

    final void sign(StatementEvidence evidence, SortedSet<Long> shown) {
        List<Hash> leaves =
                log.stream().map(at -> MerkleTree.leafHash(at.encode())).toList();
        Checkpoint checkpoint = new Checkpoint(PLATFORM.name(), leaves.size(), MerkleTree.root(leaves));
        evidence.log(checkpoint.sign(PLATFORM), MultiProof.prove(leaves.size(), shown, MultiProof.of(leaves)));
    }

    /** A statement under a flat price, issued by the first close, with these members shown. */
    byte[] flatFile(Paper paper, Integer... works) {
        ContractDocument flat = contract("\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":100");
        log.set(CONTRACT, document("contract", flat.json()));
        log.set(FIRST_CLOSE, close(paper, 8));
        StatementEvidence evidence = new StatementEvidence();
        TreeSet<Long> shown = new TreeSet<>();
        for (int at : new int[] {BUYER, 2, 3, 4, CONTRACT, FIRST_CLOSE}) {
            evidence.addDocument(at, (LogEntry.DocumentEntry) log.get(at));
            shown.add((long) at);
        }
        evidence.addIssued(issued(FIRST_CLOSE, paper, false));
        if (paper instanceof Statement statement) {
            evidence.addUsage(opened(FIRST_CLOSE, statement));
        }
        members(evidence, List.of(works));
        sign(evidence, shown);
        return PaperFile.sign(paper, evidence, PLATFORM);
    }

    static Hash nothing() {
        return Sha256.hash(new byte[0]);
    }
}
