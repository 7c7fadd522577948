package org.tallystick.platform.settlement;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.metering.Batches;
import org.tallystick.platform.metering.Evidence;
import org.tallystick.platform.metering.Wanted;
import org.tallystick.protocol.Batch;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Jcs;
import org.tallystick.protocol.Json;
import org.tallystick.protocol.Leaf;
import org.tallystick.protocol.LeafKind;
import org.tallystick.protocol.MerkleTree;
import org.tallystick.protocol.MultiProof;
import org.tallystick.protocol.NoteSigner;
import org.tallystick.protocol.Statement;
import org.tallystick.protocol.StatementEvidence;
import org.tallystick.protocol.StatementFile;

/**
 * Gathers what proves a statement, and nothing of any other payee: its contracts, and behind its lines the receipts, with
 * the grants, certificates, members and proofs that make them receipts. Depends on the log up to the close alone, so the
 * file is the same whenever it is asked for.
 */
final class Exporter {
    private final Settlement.Ground ground;
    private final NoteSigner platform;

    Exporter(Settlement.Ground ground, NoteSigner platform) {
        this.ground = ground;
        this.platform = platform;
    }

    Outcome<Long> export(String statementId, OutputStream out) {
        Optional<byte[]> file = ground.database()
                .read(tx -> SettlementStore.statement(tx, statementId).map(stored -> new Gathering(tx, stored).file()));
        if (file.isEmpty()) {
            return Outcome.refused(Problem.of(
                    Category.NOT_FOUND,
                    "statement/unknown",
                    Cursors.title("statement/unknown"),
                    "there is no statement " + statementId));
        }
        try {
            out.write(file.get());
            return Outcome.accepted((long) file.get().length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The evidence of one statement as it gathers, in one snapshot. */
    private final class Gathering {
        private final Handle tx;
        private final StoredStatement stored;
        private final List<SettlementStore.CloseRow> closes;
        private final SettlementStore.CloseRow close;
        private final SortedMap<Long, SortedSet<Integer>> leaves = new TreeMap<>();
        private final SortedMap<Hash, SortedSet<Integer>> works = new TreeMap<>();
        private final Map<Hash, List<CreatorRange>> ranges = new HashMap<>();
        private final List<Wanted> wanted = new ArrayList<>();
        private final List<Hash> datasets = new ArrayList<>();
        private final StatementEvidence evidence = new StatementEvidence();

        Gathering(Handle tx, StoredStatement stored) {
            this.tx = tx;
            this.stored = stored;
            this.closes = SettlementStore.closes(tx);
            this.close = closes.get(stored.close() - 1);
        }

        byte[] file() {
            for (Statement.ContractTotal total : stored.statement().contracts()) {
                Contract contract = ground.contracts()
                        .find(tx, new ContractId(total.contract()))
                        .orElseThrow();
                evidence.addContract(contract.document().json());
                contract(contract);
            }
            receipts();
            batches();
            versions();
            long size = close.entry() + 1;
            SortedSet<Long> positions = new TreeSet<>(leaves.keySet());
            evidence.log(
                    ground.log().checkpointAt(size),
                    positions.isEmpty() ? List.of() : ground.log().multiProof(positions, size));
            return StatementFile.sign(stored.statement(), evidence, platform);
        }

        private void contract(Contract contract) {
            List<Statement.Line> lines = stored.statement().lines().stream()
                    .filter(line -> line.contract().equals(contract.id().value()))
                    .toList();
            if (lines.isEmpty()) {
                return;
            }
            RoaringBitmap own = own(contract.datasetVersion());
            if (lines.stream().anyMatch(line -> line.kind() == Statement.Kind.FLAT)) {
                flat(contract.datasetVersion(), own);
                return;
            }
            boolean all = lines.stream().anyMatch(line -> line.basis() == Statement.Basis.RECIPIENT);
            for (CloseInput.Part part : SettlementStore.parts(tx, contract.id())) {
                if (part.close() == close.number()) {
                    RoaringBitmap proven = all ? part.works() : RoaringBitmap.and(part.works(), own);
                    if (!proven.isEmpty()) {
                        part(part, proven);
                    }
                }
            }
        }

        private RoaringBitmap own(Hash dataset) {
            RoaringBitmap own = new RoaringBitmap();
            for (CreatorRange range :
                    ranges.computeIfAbsent(dataset, root -> ground.catalog().ranges(tx, root))) {
                if (range.creator().equals(stored.party())) {
                    own.add((long) range.from(), (long) range.to());
                }
            }
            return own;
        }

        /** A creator's part of a flat price is shown by all its works; a recipient needs but the size of the version. */
        private void flat(Hash dataset, RoaringBitmap own) {
            SortedSet<Integer> shown = works.computeIfAbsent(dataset, root -> new TreeSet<>());
            if (own.isEmpty()) {
                shown.add(0);
            }
            own.forEach((int ordinal) -> shown.add(ordinal));
        }

        /** Takes note of works whose receipts are to be found. */
        private void part(CloseInput.Part part, RoaringBitmap works) {
            // What was taken back had been billed by that close, whenever before its end it was delivered.
            Instant from = part.taken() || part.usedIn() == 1
                    ? Instant.EPOCH
                    : closes.get(part.usedIn() - 2).period().to();
            Instant to = closes.get(part.usedIn() - 1).period().to();
            wanted.add(new Wanted(part.key(), from, to, close.position(), part.taken(), works));
            datasets.add(part.dataset());
        }

        private void receipts() {
            List<List<Evidence>> found = ground.metering().evidence(tx, wanted);
            for (int i = 0; i < wanted.size(); i++) {
                Hash dataset = datasets.get(i);
                if (found.get(i).size() != wanted.get(i).works().getCardinality()) {
                    throw new IllegalStateException("statement " + stored.id() + " bills "
                            + wanted.get(i).works().getCardinality() + " works of "
                            + wanted.get(i).key() + ", receipts are found of "
                            + found.get(i).size());
                }
                for (Evidence receipt : found.get(i)) {
                    add(receipt.delivery());
                    receipt.taken().ifPresent(this::add);
                    works.computeIfAbsent(dataset, root -> new TreeSet<>()).add(receipt.ordinal());
                }
            }
        }

        private void add(Evidence.Place place) {
            leaves.computeIfAbsent(place.position(), position -> new TreeSet<>())
                    .add(place.index());
        }

        private void batches() {
            Batches batches = ground.metering().batches();
            SortedMap<String, Json.Obj> grants = new TreeMap<>();
            SortedMap<Long, String> certificates = new TreeMap<>();
            leaves.forEach((position, indices) -> {
                Batch batch = batches.batch(position);
                for (int index : indices) {
                    Leaf leaf = batch.leaf(index);
                    if (leaf.kind() != LeafKind.VOID) {
                        grants.computeIfAbsent(
                                leaf.token().toString(),
                                id -> ground.delivery()
                                        .jobs()
                                        .grant(tx, leaf.token())
                                        .orElseThrow()
                                        .grant()
                                        .claims());
                    }
                    certificates.computeIfAbsent(
                            (long) leaf.edge() << 32 | leaf.epoch(),
                            id -> ground.delivery()
                                    .edges()
                                    .certificate(tx, leaf.edge(), leaf.epoch())
                                    .orElseThrow()
                                    .compact());
                }
                evidence.addBatch(position, batches.entry(position), batch, indices);
            });
            grants.values().forEach(evidence::addGrant);
            certificates.values().forEach(evidence::addCertificate);
        }

        private void versions() {
            works.forEach((root, ordinals) -> {
                List<Member> members = ground.catalog().members(tx, root);
                List<Hash> hashes = members.stream()
                        .map(member -> MerkleTree.leafHash(Jcs.bytes(member.document())))
                        .toList();
                SortedMap<Long, Json.Obj> shown = new TreeMap<>();
                ordinals.forEach(ordinal ->
                        shown.put((long) ordinal, members.get(ordinal).document()));
                evidence.addVersion(
                        root,
                        members.size(),
                        shown,
                        MultiProof.prove(members.size(), new TreeSet<>(shown.keySet()), MultiProof.of(hashes)));
            });
        }
    }
}
