package org.tallystick.platform.delivery;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ClockSkew;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.sign.Verifier;

/**
 * Takes in what edges ship. A shipment is proven from its bytes before the sequencer sees it, stored as one blob with
 * one sync, and becomes one entry per batch of up to 1024 receipts in one command; no single receipt is looked at after
 * its batch's root is recomputed.
 *
 * <p>Shipments of one edge are taken one at a time, of different edges at once. A repeat, whole or in part, however it
 * is cut into bundles, is a success. Of two headers for the same numbers the first stands, the second is refused, and
 * both go into the log. Numbers the edge's own chain of headers passes over are recorded as a gap; numbers that are
 * missing because a batch is missing are asked for. Safe from any thread.
 */
public final class Intake {
    /** Most bytes of a bundle. */
    public static final int MAX_BUNDLE = 8 << 20;

    /** Most pairs of contradicting headers kept for one epoch: the first already proves the lie. */
    static final int MAX_EVIDENCE = 16;

    private static final int ATTEMPTS = 8;
    private static final Set<String> REVOKED = Set.of("delivery/edge-revoked", "delivery/epoch-revoked");
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Database database;
    private final Sequencer sequencer;
    private final BlobStore blobs;
    private final Verifier verifier;
    private final InstantSource clock;
    private final ConcurrentMap<Integer, ReentrantLock> locks = new ConcurrentHashMap<>();

    Intake(Database database, Sequencer sequencer, BlobStore blobs, Verifier verifier, InstantSource clock) {
        this.database = database;
        this.sequencer = sequencer;
        this.blobs = blobs;
        this.verifier = verifier;
        this.clock = clock;
    }

    /** What the database knows of an epoch. */
    private record Known(CertificateRecord certificate, IntakeStore.Progress progress) {}

    /**
     * Takes in a bundle: some batches of one epoch, one after another.
     *
     * @param by the edge itself
     * @param bundle not changed afterwards
     * @return what is durable now; refused {@code delivery/not-an-edge}, {@code delivery/oversized}, {@code
     *     bundle/empty}, {@code batch/…} and {@code leaf/…} for bytes that do not prove themselves, {@code
     *     delivery/wrong-edge}, {@code delivery/mixed-edges}, {@code delivery/mixed-epochs}, {@code
     *     delivery/not-dense}, {@code delivery/chain}, {@code delivery/unknown-epoch}, {@code delivery/edge-revoked},
     *     {@code delivery/epoch-revoked}, {@code delivery/future-dated}, {@code delivery/out-of-order} with the number
     *     {@code expected}, {@code delivery/equivocation}
     */
    public Outcome<Acknowledgement> accept(Principal by, byte[] bundle) {
        if (by.role() != Role.EDGE) {
            return refused(Category.FORBIDDEN, "delivery/not-an-edge", by.id() + " is no edge");
        }
        if (bundle.length > MAX_BUNDLE) {
            return refused(
                    Category.TOO_LARGE,
                    "delivery/oversized",
                    "a bundle has at most " + MAX_BUNDLE + " bytes, not " + bundle.length);
        }
        ShippedBundle shipped;
        try {
            shipped = ShippedBundle.read(bundle);
        } catch (MalformedException e) {
            return Outcome.refused(DeliveryProblems.malformed(e));
        }
        if (!by.id().equals(Edge.partyOf(shipped.edge()))) {
            return refused(
                    Category.FORBIDDEN, "delivery/wrong-edge", by.id() + " ships batches of edge " + shipped.edge());
        }
        ReentrantLock lock = locks.computeIfAbsent(shipped.edge(), edge -> new ReentrantLock());
        lock.lock();
        try {
            Outcome<Acknowledgement> outcome = take(shipped);
            outcome.refusal().ifPresent(problem -> noteIfRevoked(shipped, problem));
            return outcome;
        } catch (MalformedException e) {
            return Outcome.refused(DeliveryProblems.malformed(e));
        } finally {
            lock.unlock();
        }
    }

    private Outcome<Acknowledgement> take(ShippedBundle shipped) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Outcome<Known> found = database.read(tx -> known(tx, shipped.edge(), shipped.epoch()));
            Optional<Outcome<Acknowledgement>> taken = switch (found) {
                case Outcome.Refused<Known>(Problem problem) -> Optional.of(Outcome.refused(problem));
                case Outcome.Accepted<Known>(Known known, boolean repeated) -> take(shipped, known);
            };
            if (taken.isPresent()) {
                return taken.get();
            }
        }
        return refused(
                Category.UNAVAILABLE, "delivery/busy", "edge " + shipped.edge() + " ships from several places at once");
    }

    /**
     * Notes what a revoked key has signed since. The last header vouches for those before it, which it names by hash; what
     * the key has not signed shows nothing about it and is not noted.
     */
    private void noteIfRevoked(ShippedBundle shipped, Problem problem) {
        if (!REVOKED.contains(problem.type())) {
            return;
        }
        try {
            Optional<CertificateRecord> certificate =
                    database.read(tx -> EdgeStore.certificate(tx, shipped.edge(), shipped.epoch()));
            if (certificate.isPresent() && isSigned(shipped, certificate.get())) {
                database.write(tx -> {
                    RefusedStore.add(tx, shipped, problem.type(), clock.instant());
                    return problem;
                });
            }
        } catch (UnavailableException e) {
            LOG.warn("refused batches of edge {} epoch {} could not be noted", shipped.edge(), shipped.epoch(), e);
        }
    }

    private boolean isSigned(ShippedBundle shipped, CertificateRecord record) {
        SignedHeader last = shipped.batches().getLast().signed();
        return verifier.verify(
                record.certificate().key().publicKey(), last.header().message(), last.signature());
    }

    /** Empty where what is known has been overtaken meanwhile. */
    private Optional<Outcome<Acknowledgement>> take(ShippedBundle shipped, Known known) {
        shipped.prove(known.certificate().certificate(), clock.instant().plus(ClockSkew.MOST), verifier);
        IntakeStore.Progress progress = known.progress();
        int old = shipped.endingBefore(progress.next());
        boolean overlaps = old < shipped.batches().size()
                && shipped.batches().get(old).header().first() < progress.next();
        Optional<Equivocation> contradiction = contradiction(shipped, overlaps ? old + 1 : old, progress);
        if (contradiction.isPresent()) {
            return Optional.of(keepEvidence(contradiction.get()));
        }
        if (old == shipped.batches().size()) {
            return Optional.of(
                    Outcome.repeated(new Acknowledgement(shipped.epoch(), progress.next() - 1, sequencer.position())));
        }
        ShippedBundle fresh = shipped.from(old);
        Optional<Problem> problem = follows(fresh.first(), progress);
        return problem.isPresent() ? Optional.of(Outcome.refused(problem.get())) : store(fresh, progress);
    }

    private static Outcome<Known> known(Handle tx, int edge, int epoch) {
        Optional<CertificateRecord> certificate = EdgeStore.certificate(tx, edge, epoch);
        Optional<IntakeStore.Progress> progress = IntakeStore.progress(tx, edge, epoch);
        if (EdgeStore.isRevoked(tx, edge, EdgeStore.EVERY_EPOCH)) {
            return Edges.revokedEdge(edge);
        }
        if (certificate.isEmpty() || progress.isEmpty()) {
            return refused(
                    Category.INVALID,
                    "delivery/unknown-epoch",
                    "edge " + edge + " has no certificate of epoch " + epoch);
        }
        if (certificate.get().revoked()) {
            return refused(
                    Category.FORBIDDEN,
                    "delivery/epoch-revoked",
                    "the key of edge " + edge + " epoch " + epoch + " was revoked");
        }
        return Outcome.accepted(new Known(certificate.get(), progress.get()));
    }

    /** Whether a batch is the next one; the problem if not. */
    private static Optional<Problem> follows(BatchHeader first, IntakeStore.Progress progress) {
        if (first.previous().equals(progress.lastHeader())) {
            return Optional.empty();
        }
        if (first.first() > progress.next()) {
            return Optional.of(DeliveryProblems.refusal(
                            Category.CONFLICT,
                            "delivery/out-of-order",
                            "number " + progress.next() + " is expected, the bundle begins at " + first.first())
                    .with("expected", progress.next()));
        }
        return Optional.of(DeliveryProblems.refusal(
                        Category.CONFLICT,
                        "delivery/chain",
                        "batch " + first.first() + " does not name the last one taken in as its previous")
                .with("expected", progress.next()));
    }

    /**
     * The first of so many batches that is not what was taken in under its numbers. Headers are chained by hash, here and
     * there: one that is the same vouches for all before it, so few have to be looked up.
     */
    private Optional<Equivocation> contradiction(ShippedBundle shipped, int count, IntakeStore.Progress progress) {
        if (count == 0 || shipped.batches().get(count - 1).header().hash().equals(progress.lastHeader())) {
            return Optional.empty();
        }
        return database.read(tx -> {
            Optional<Equivocation> first = contradiction(tx, shipped.batches().get(count - 1));
            int low = 0;
            int high = count - 1; // all below low are the same, the one at high is not
            while (first.isPresent() && low < high) {
                int middle = (low + high) >>> 1;
                Optional<Equivocation> earlier =
                        contradiction(tx, shipped.batches().get(middle));
                first = earlier.isPresent() ? earlier : first;
                low = earlier.isPresent() ? low : middle + 1;
                high = earlier.isPresent() ? middle : high;
            }
            return first;
        });
    }

    private Optional<Equivocation> contradiction(Handle tx, Batch batch) {
        BatchHeader presented = batch.header();
        SignedHeader recorded = locate(tx, presented.edge(), presented.epoch(), presented.first())
                .map(place -> place.batch().signed())
                .orElseThrow();
        return recorded.header().equals(presented)
                ? Optional.empty()
                : Optional.of(new Equivocation(0, recorded, batch.signed()));
    }

    private Outcome<Acknowledgement> keepEvidence(Equivocation found) {
        BatchHeader header = found.presented().header();
        Problem problem = DeliveryProblems.refusal(
                Category.CONFLICT,
                "delivery/equivocation",
                "edge " + header.edge() + " signed another batch for numbers " + header.first() + " to " + header.last()
                        + " of epoch " + header.epoch() + " before; the first one stands");
        return sequencer.execute((tx, now) -> {
            boolean enough = IntakeStore.equivocationsOf(tx, header.edge(), header.epoch()) >= MAX_EVIDENCE;
            if (enough || IntakeStore.isKept(tx, found.presented())) {
                return Decision.answer(Outcome.refused(problem));
            }
            return Decision.append(
                    List.of(Draft.document(
                            Entries.EDGE_EQUIVOCATION, Entries.equivocation(found.recorded(), found.presented()))),
                    position -> Outcome.refused(problem));
        });
    }

    private Optional<Outcome<Acknowledgement>> store(ShippedBundle fresh, IntakeStore.Progress progress) {
        ContentId bundle = blobs.put(fresh.bytes()).id();
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < fresh.batches().size(); i++) {
            Batch batch = fresh.batches().get(i);
            drafts.add(Draft.batch(
                    new LogEntry.BatchEntry(bundle.hash(), fresh.offset(i), batch.length(), batch.signed())));
        }
        return sequencer.execute((tx, now) -> switch (known(tx, fresh.edge(), fresh.epoch())) {
            case Outcome.Refused<Known>(Problem problem) -> Decision.answer(Optional.of(Outcome.refused(problem)));
            case Outcome.Accepted<Known>(Known known, boolean repeated) ->
                known.progress().equals(progress)
                        ? Decision.append(
                                drafts,
                                position -> Optional.of(Outcome.accepted(new Acknowledgement(
                                        fresh.epoch(), fresh.last().last(), position + drafts.size()))))
                        : Decision.answer(Optional.empty());
        });
    }

    /** How far an epoch has come: its last durable sequence number, 0 for none; empty for an epoch never certified. */
    public Optional<Long> acknowledged(int edge, int epoch) {
        return database.read(tx -> IntakeStore.progress(tx, edge, epoch)).map(progress -> progress.next() - 1);
    }

    /** Numbers that edges passed over, by edge, epoch and number. */
    public List<Gap> gaps(Handle tx) {
        return IntakeStore.gaps(tx);
    }

    /** Contradicting headers, in the order they were presented. */
    public List<Equivocation> equivocations(Handle tx) {
        return IntakeStore.equivocations(tx);
    }

    /** What was signed with revoked keys and refused since, by edge, epoch and reason. */
    public static List<RefusedBatches> refused(Handle tx) {
        return RefusedStore.all(tx);
    }

    /** The batch that holds a receipt, if it was taken in. */
    public Optional<BatchPlace> find(int edge, int epoch, long sequence) {
        return database.read(tx -> locate(tx, edge, epoch, sequence))
                .filter(place -> place.batch().header().first() <= sequence);
    }

    /** The first batch taken in that ends at or after a number. */
    private Optional<BatchPlace> locate(Handle tx, int edge, int epoch, long sequence) {
        return IntakeStore.shipmentFrom(tx, edge, epoch, sequence).map(shipment -> {
            Hash bundle = shipment.bundle();
            byte[] bytes = blobs.read(new ContentId(bundle));
            int offset = 0;
            for (long position = shipment.position(); ; position++) {
                Batch batch = Batch.decode(bytes, offset);
                if (batch.header().last() >= sequence) {
                    return new BatchPlace(position, bundle, offset, batch);
                }
                offset += batch.length();
            }
        });
    }

    private static <T> Outcome<T> refused(Category category, String type, String detail) {
        return Outcome.refused(DeliveryProblems.refusal(category, type, detail));
    }
}
