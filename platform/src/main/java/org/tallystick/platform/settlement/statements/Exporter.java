package org.tallystick.platform.settlement.statements;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.GrantRecord;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Batches;
import org.tallystick.platform.metering.Evidence;
import org.tallystick.platform.metering.Located;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.PaperFile;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.statement.StatementEvidence;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Gathers what proves a statement or an invoice, and nothing of anybody else's: its contracts, and behind its lines the receipts, with
 * the grants, certificates, members and proofs that make them receipts. Depends on the log up to the close alone, so the
 * file is the same whenever it is asked for.
 */
public final class Exporter {
    /** So many batches take less time to read one by one than the bundles they lie in. */
    private static final int FEW = 24;

    private final Sources sources;
    private final NoteSigner platform;
    private final CloseEvidence receipts;
    private final VersionProofs versions;
    private final CloseTrees trees;
    private final UsageOpenings usage;

    /**
     * Where the evidence is read from.
     *
     * @param log whose checkpoints and proofs stand in the file
     * @param entries reads an entry of the log
     */
    public record Sources(
            Database database,
            TransparencyLog log,
            LongFunction<LogEntry> entries,
            Contracts contracts,
            Catalog catalog,
            Deliveries delivery,
            Metering metering) {}

    /** @param platform signs the files */
    public Exporter(Sources sources, NoteSigner platform) {
        this.sources = sources;
        this.platform = platform;
        this.receipts = new CloseEvidence(sources.metering());
        this.versions = new VersionProofs(sources.catalog());
        this.trees = new CloseTrees(sources.entries());
        this.usage = new UsageOpenings(sources.catalog(), sources.entries(), trees);
    }

    /** See {@link OmissionMaker}. */
    public Outcome<byte[]> omission(PaperFile statement, Located delivery, Verifier verifier) {
        return new OmissionMaker(sources, versions, platform.key(), verifier).make(statement, delivery);
    }

    /** What stands behind one line of a statement, with the log's word for it. */
    public Optional<StatementEvidence> behind(String statementId, int line) {
        return sources.database()
                .read(tx -> SettlementStore.statement(tx, statementId)
                        .filter(stored ->
                                line >= 1 && line <= stored.statement().lines().size())
                        .map(stored -> new Gathering(tx, StoredPaper.of(stored))
                                .behind(stored.statement().lines().get(line - 1))));
    }

    /** Size of the log that a paper is a function of. */
    public Optional<Long> position(String id) {
        return sources.database()
                .read(tx -> StoredPaper.find(tx, id))
                .map(stored -> stored.paper().position());
    }

    /**
     * Whether a paper has a file.
     *
     * @return its id; refused {@code statement/unknown}, or {@code invoice/no-file} for invoices of an older close
     */
    public Outcome<String> check(String id) {
        return sources.database().read(tx -> {
            Optional<StoredPaper> paper = StoredPaper.find(tx, id);
            if (paper.isEmpty()) {
                return refused("statement/unknown", "Unknown paper", "there is no statement or invoice " + id);
            }
            return paper.get().paper() instanceof Invoice && !new Gathering(tx, paper.get()).anchored
                    ? refused(
                            "invoice/no-file",
                            "No file of this invoice",
                            "invoice " + id + " is of a close of before the log's change of format, which proves"
                                    + " statements alone")
                    : Outcome.accepted(id);
        });
    }

    /** @return the file's length in bytes; refused as {@link #check} refuses */
    public Outcome<Long> export(String id, OutputStream out) {
        Outcome<String> checked = check(id);
        if (checked instanceof Outcome.Refused<String>(Problem problem)) {
            return Outcome.refused(problem);
        }
        byte[] file = sources.database()
                .read(tx -> new Gathering(tx, StoredPaper.find(tx, id).orElseThrow()).file());
        try {
            out.write(file);
            return Outcome.accepted((long) file.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> Outcome<T> refused(String type, String title, String detail) {
        return Outcome.refused(Problem.of(Category.NOT_FOUND, type, title, detail));
    }

    /** The evidence of one paper as it gathers, in one snapshot. */
    private final class Gathering {
        private final Handle tx;
        private final StoredPaper stored;
        private final List<SettlementStore.CloseRow> closes;
        private final SettlementStore.CloseRow close;
        private final SortedMap<Long, SortedSet<Integer>> leaves = new TreeMap<>();
        private final SortedMap<Hash, SortedSet<Integer>> works = new TreeMap<>();
        private final Map<Hash, Optional<CreatorRange>> ranges = new HashMap<>();
        private final CloseEvidence.CloseTimes times;
        private final StatementEvidence evidence = new StatementEvidence();
        private final Anchoring anchoring;

        /** Whether the close is of the present format; files of those before it go on being what they were. */
        private final boolean anchored;

        Gathering(Handle tx, StoredPaper stored) {
            this.tx = tx;
            this.stored = stored;
            this.closes = SettlementStore.closes(tx);
            this.close = closes.get(stored.close() - 1);
            this.times = new CloseEvidence.CloseTimes(
                    close.number(),
                    close.position(),
                    closes.stream().map(row -> row.period().to()).toList());
            this.anchoring = new Anchoring(tx, sources.entries(), trees, evidence);
            this.anchored = CloseEntries.commitments(close.entry(), sources.entries())
                    .key()
                    .isPresent();
        }

        byte[] file() {
            for (Statement.ContractTotal total : stored.paper().contracts()) {
                Contract contract = contract(total.contract());
                contract(contract, Counted.of(stored.paper(), total.contract()));
                if (anchored && stored.paper() instanceof Statement statement) {
                    opened(contract, statement);
                }
            }
            return PaperFile.sign(stored.paper(), finish(), platform);
        }

        /**
         * What the close commits to of a contract, and what that of the statement before with a sum of it does; and where the
         * party's works lie in the dataset version.
         */
        private void opened(Contract contract, Statement statement) {
            place(contract.datasetVersion());
            usage.open(tx, close, contract, stored.whose()).ifPresent(evidence::addUsage);
            Optional<Hash> previous = statement.previous();
            while (previous.isPresent()) {
                StoredStatement earlier = SettlementStore.statement(tx, stored.whose(), previous.get())
                        .orElseThrow();
                boolean has = earlier.statement().contracts().stream()
                        .anyMatch(total -> total.contract().equals(contract.id().value()));
                if (has) {
                    usage.open(tx, closes.get(earlier.close() - 1), contract, stored.whose())
                            .ifPresent(evidence::addUsage);
                    return;
                }
                previous = earlier.statement().previous();
            }
        }

        /** What stands behind one line of a statement. */
        StatementEvidence behind(Statement.Line line) {
            contract(contract(line.contract()), Counted.of(List.of(line), line.contract()));
            return finish();
        }

        private Contract contract(String id) {
            return sources.contracts().find(tx, new ContractId(id)).orElseThrow();
        }

        private StatementEvidence finish() {
            batches();
            if (anchored) {
                anchoring.issued(stored, closes);
            }
            works.forEach((root, ordinals) -> versions.add(tx, root, ordinals, evidence));
            long size = close.entry() + 1;
            SortedSet<Long> positions = new TreeSet<>(leaves.keySet());
            positions.addAll(anchoring.positions());
            evidence.log(
                    sources.log().checkpointAt(size),
                    positions.isEmpty() ? List.of() : sources.log().multiProof(positions, size));
            return evidence;
        }

        /** Gathers what some lines count under a contract. */
        private void contract(Contract contract, Counted lines) {
            boolean flat = contract.document().pricing() instanceof Pricing.Flat;
            boolean all = lines.all();
            if (anchored) {
                anchoring.contract(contract, stored.whose(), all);
            } else {
                evidence.addContract(contract.document().json());
            }
            if (lines.isEmpty() && !(flat && anchored)) {
                return;
            }
            RoaringBitmap own = own(contract.datasetVersion());
            if (flat) {
                flat(contract.datasetVersion(), own);
                if (stored.paper() instanceof Statement) {
                    return; // its lines are parts of the price; an invoice has a line of the uses beside it
                }
            }
            List<CloseInput.BilledSet> parts = SettlementStore.parts(tx, contract.id(), close.number());
            List<RoaringBitmap> proven = new ArrayList<>();
            for (CloseInput.BilledSet part : parts) {
                boolean counted = lines.counts(part);
                proven.add(!counted ? new RoaringBitmap() : all ? part.works() : RoaringBitmap.and(part.works(), own));
            }
            List<CloseEvidence.Found> found = receipts.find(tx, times, contract.id(), parts, proven);
            for (int i = 0; i < parts.size(); i++) {
                if (!proven.get(i).isEmpty()) {
                    SortedSet<Integer> shown =
                            works.computeIfAbsent(parts.get(i).dataset(), root -> new TreeSet<>());
                    found.get(i).each(proven.get(i), receipt -> {
                        add(receipt.delivery());
                        receipt.withdrawnBy().ifPresent(this::add);
                        shown.add(receipt.ordinal());
                    });
                }
            }
        }

        private RoaringBitmap own(Hash dataset) {
            RoaringBitmap own = new RoaringBitmap();
            ranges.computeIfAbsent(dataset, root -> sources.catalog().range(tx, root, stored.whose()))
                    .ifPresent(range -> own.add((long) range.from(), (long) range.to()));
            return own;
        }

        /** A creator's part of a flat price is shown by all its works. */
        private void flat(Hash dataset, RoaringBitmap own) {
            SortedSet<Integer> shown = works.computeIfAbsent(dataset, root -> new TreeSet<>());
            corners(dataset, shown);
            if (stored.paper() instanceof Invoice) {
                return;
            }
            own.forEach((int ordinal) -> shown.add(ordinal));
            if (anchored) {
                place(dataset);
            }
        }

        /** The members that prove how many there are, and so which ordinal each has. */
        private void corners(Hash dataset, SortedSet<Integer> shown) {
            MultiProof.corners(versions.size(tx, dataset)).forEach(corner -> shown.add(Math.toIntExact(corner)));
        }

        /** The party's run of works is shown by its first and last and by those on both sides of it, which are others'. */
        private void place(Hash dataset) {
            SortedSet<Integer> shown = works.computeIfAbsent(dataset, root -> new TreeSet<>());
            int size = versions.size(tx, dataset);
            RoaringBitmap own = own(dataset);
            int from = own.isEmpty() ? beginning(dataset) : own.first();
            int to = own.isEmpty() ? from : own.last() + 1;
            corners(dataset, shown);
            for (int ordinal : new int[] {from - 1, own.isEmpty() ? from - 1 : from, to - 1, to}) {
                if (ordinal >= 0 && ordinal < size) {
                    shown.add(ordinal);
                }
            }
        }

        /** Where the works of a party that has none would begin. */
        private int beginning(Hash dataset) {
            return sources.catalog().ranges(tx, dataset).stream()
                    .filter(range -> range.creator().compareTo(stored.whose()) < 0)
                    .mapToInt(CreatorRange::to)
                    .max()
                    .orElse(0);
        }

        private void add(Evidence.Place place) {
            leaves.computeIfAbsent(place.position(), position -> new TreeSet<>())
                    .add(place.index());
        }

        private void batches() {
            Batches batches = sources.metering().batches();
            SortedMap<String, GrantRecord> grants = new TreeMap<>();
            SortedMap<Long, String> certificates = new TreeMap<>();
            boolean few = leaves.size() <= FEW;
            leaves.forEach((position, indices) -> {
                Batch batch = few ? batches.single(position) : batches.batch(position);
                for (int index : indices) {
                    Leaf leaf = batch.leaf(index);
                    if (leaf.kind() != LeafKind.VOID) {
                        grants.computeIfAbsent(
                                leaf.token().toString(),
                                id -> sources.delivery()
                                        .jobs()
                                        .grant(tx, leaf.token())
                                        .orElseThrow());
                    }
                    certificates.computeIfAbsent(
                            (long) leaf.edge() << 32 | leaf.epoch(),
                            id -> sources.delivery()
                                    .edges()
                                    .certificate(tx, leaf.edge(), leaf.epoch())
                                    .orElseThrow()
                                    .compact());
                }
                evidence.addBatch(position, batches.entry(position), batch, indices);
            });
            grants.values().forEach(grant -> {
                if (anchored) {
                    anchoring.add(grant.position());
                } else {
                    evidence.addGrant(grant.grant().claims());
                }
            });
            certificates.values().forEach(evidence::addCertificate);
        }
    }
}
