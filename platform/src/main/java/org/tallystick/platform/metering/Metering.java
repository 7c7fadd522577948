package org.tallystick.platform.metering;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.BatchPlace;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.fold.BatchReader;
import org.tallystick.platform.metering.fold.Classifier;
import org.tallystick.platform.metering.fold.Folder;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;

/**
 * The room's façade. Folding is done by one thread at a time, whoever asks; reading runs beside it and sees what was
 * saved last. Safe from any thread.
 *
 * <p>Every method may throw what log, blobs and database throw when they cannot answer now; repeating is safe.
 */
public final class Metering implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Metering.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final long MOST_MEMORY = 256L << 20;

    private final Database database;
    private final Sequencer sequencer;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Deliveries delivery;
    private final Catalog catalog;
    private final StoredFoldInputs.Rooms rooms;
    private final CreatorRanges creators;
    private final KnownVersions versions = new KnownVersions();
    private final Packer packer;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock packing = new ReentrantLock();
    private @Nullable Fold fold;
    private @Nullable Thread follower;
    private volatile boolean closed;
    private volatile @Nullable Throwable stopped;

    public Metering(
            Database database,
            Sequencer sequencer,
            TransparencyLog log,
            BlobStore blobs,
            Deliveries delivery,
            Catalog catalog) {
        this.database = database;
        this.sequencer = sequencer;
        this.log = log;
        this.blobs = blobs;
        this.delivery = delivery;
        this.catalog = catalog;
        this.rooms = new StoredFoldInputs.Rooms(delivery, catalog);
        this.creators = new CreatorRanges(catalog);
        this.packer = new Packer(database, blobs, rooms, new BatchReader(log, blobs));
    }

    /** Begins to fold in the background whatever the log grows by, until closed. */
    public void follow() {
        lock.lock();
        try {
            if (follower == null) {
                follower = Thread.ofPlatform().name("metering").daemon().start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!closed && stopped == null) {
            try {
                long begun = System.nanoTime();
                long reached = catchUp();
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                packWhileIdle(reached);
                sequencer.awaitMoreThan(reached, Duration.ofSeconds(1));
                Thread.sleep(pauseAfter(took));
            } catch (InterruptedException e) {
                return;
            } catch (IllegalStateException e) {
                LOG.error("metering stops: what it would count cannot be trusted", e);
                stopped = e;
            } catch (Error e) {
                LOG.error("metering stops: its process is no longer to be trusted", e);
                stopped = e;
            } catch (RuntimeException e) {
                LOG.warn("metering waits: {}", e.toString());
                LOG.debug("why metering waits", e);
                pause();
            }
        }
    }

    private void packWhileIdle(long reached) {
        boolean more = true;
        while (more && !closed && sequencer.position() == reached) {
            more = packNext(reached);
        }
    }

    private boolean packNext(long folded) {
        packing.lock();
        try {
            return packer.next(folded);
        } finally {
            packing.unlock();
        }
    }

    /** Packs all bundles that are counted, as happens by itself while nothing arrives. */
    public void pack() {
        long folded = position();
        while (packNext(folded)) {
            LOG.trace("packed a bundle");
        }
    }

    /** The more there is to fold and save, the longer it may lag: what is saved together is saved once. */
    private static Duration pauseAfter(Duration took) {
        Duration pause = took.compareTo(PAUSE) < 0 ? PAUSE : took;
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.multipliedBy(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why folding in the background has stopped, if a broken invariant or an {@code Error} stopped it. */
    public Optional<Throwable> stoppedBy() {
        return Optional.ofNullable(stopped);
    }

    /** Log entries folded, by what was saved last. */
    public long position() {
        return database.read(MeteringStore::position);
    }

    /** Log entries folded, as a transaction sees it: the sets it sees are those of exactly that position. */
    public long position(Handle tx) {
        return MeteringStore.position(tx);
    }

    /** Folds all that the database has taken in; answers how far that is. */
    public long catchUp() {
        return foldTo(Long.MAX_VALUE);
    }

    /**
     * Folds up to a size of the log, and not beyond what the database has taken in, since grants are read from it. Does
     * nothing where that was done before. A crash at any moment leaves sets and position as they were saved together.
     *
     * @return log entries folded now
     */
    public long foldTo(long logSize) {
        lock.lock();
        try {
            Fold at = resumed();
            long target = Math.min(logSize, sequencer.position());
            while (at.position() < target) {
                step(at, () -> at.step(target));
            }
            long reached = at.position();
            if (at.footprint() > MOST_MEMORY) {
                fold = null;
            }
            return reached;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes a moment a boundary between stretches of time, so that uses before it can be told from those after it. Folds
     * everything first. Changes no count. Doing it again does nothing.
     *
     * @param moment cut to the millisecond
     */
    public void cut(Instant moment) {
        lock.lock();
        try {
            catchUp();
            Fold at = resumed();
            step(at, () -> at.cut(moment.toEpochMilli()));
        } finally {
            lock.unlock();
        }
    }

    private Fold resumed() {
        Fold known = fold;
        if (known == null) {
            known = Fold.resume(database, rooms, new BatchReader(log, blobs), versions);
            fold = known;
        }
        return known;
    }

    /** A step that fails leaves the saved state behind; what is in memory is then not to be trusted. */
    private void step(Fold at, Runnable step) {
        fold = null;
        step.run();
        fold = at;
    }

    /** Forgets everything and folds the whole log again. */
    public long rebuild() {
        lock.lock();
        try {
            fold = null;
            database.write(tx -> {
                MeteringStore.empty(tx);
                return true;
            });
            return catchUp();
        } finally {
            lock.unlock();
        }
    }

    /** Uses under a contract, by set and creator. */
    public List<UsageCount> counts(Handle tx, ContractId contract) {
        List<UsageCount> counts = new ArrayList<>();
        for (FirstUses uses : FirstUses.of(MeteringStore.sets(tx, contract))) {
            RoaringBitmap all = uses.all();
            for (CreatorRange range : catalog.ranges(tx, uses.dataset())) {
                long count = all.rangeCardinality(range.from(), range.to());
                if (count > 0) {
                    counts.add(new UsageCount(uses.key(), range.creator(), count));
                }
            }
        }
        return counts;
    }

    /** Uses for a model that a buyer trains, by contract; contracts under which nothing was used for it are left out. */
    public List<ModelUse> ofModel(Handle tx, PartyId buyer, String model) {
        Map<ContractId, Set<JobId>> trained = delivery.jobs().ofModel(tx, buyer, model).stream()
                .collect(Collectors.groupingBy(
                        Job::contract, TreeMap::new, Collectors.mapping(Job::id, Collectors.toSet())));
        List<ModelUse> used = new ArrayList<>();
        trained.forEach((contract, jobs) -> {
            long uses = counts(tx, contract).stream()
                    .filter(count -> jobs.contains(count.key().job()))
                    .mapToLong(UsageCount::uses)
                    .sum();
            if (uses > 0) {
                used.add(new ModelUse(contract, uses));
            }
        });
        return used;
    }

    /** Uses by creator over all sets under these contracts; a work used in two jobs or scopes is two uses. */
    public Map<PartyId, Long> totals(Handle tx, List<ContractId> contracts) {
        return new CreatorTotals(tx, creators).of(contracts);
    }

    /** The contracts under which anything was metered. */
    public List<ContractId> contracts(Handle tx) {
        return MeteringStore.contracts(tx);
    }

    /**
     * What was used under a contract, by period of first use. All sets of the contract are in the answer, also those
     * with nothing in any of the periods.
     *
     * @param ends the ends of consecutive periods, each a cut; the first period reaches back to the beginning
     */
    public List<UsedWorks> used(Handle tx, ContractId contract, List<Instant> ends) {
        return FirstUses.of(MeteringStore.sets(tx, contract)).stream()
                .map(uses -> uses.by(ends))
                .toList();
    }

    /** Counts by day, creator, job and scope, of everything taken in so far. */
    public Metrics metrics(MetricsQuery query) {
        catchUp();
        return database.read(tx -> metrics(tx, query));
    }

    /** Counts by day, creator, job and scope, of what a transaction sees; folds nothing first. */
    public Metrics metrics(Handle tx, MetricsQuery query) {
        return new MetricsReader(tx, catalog).read(query);
    }

    /** Works used in a set, of one creator or of all, by ordinal from one on; at most so many. */
    public List<Member> works(Handle tx, UsageKey key, int from, int limit) {
        List<Member> found = new ArrayList<>();
        for (FirstUses uses : FirstUses.of(MeteringStore.set(tx, key))) {
            RoaringBitmap all = uses.all();
            for (Member member : catalog.members(tx, uses.dataset())) {
                if (member.ordinal() >= from && found.size() < limit && all.contains(member.ordinal())) {
                    found.add(member);
                }
            }
        }
        return found;
    }

    /** The receipt behind a use, if there is such a use. */
    public Optional<Trace> trace(
            ContractId contract, JobId job, org.tallystick.protocol.receipt.Scope scope, ContentId content) {
        return database.read(tx -> trace(tx, new UsageKey(contract, job, scope), content));
    }

    /** The receipt behind a use, as a transaction sees it. */
    public Optional<Trace> trace(Handle tx, UsageKey key, ContentId content) {
        List<FirstUses> sets = FirstUses.of(MeteringStore.set(tx, key));
        if (sets.isEmpty()) {
            return Optional.empty();
        }
        Optional<Member> member = catalog.member(tx, sets.getFirst().dataset(), content);
        if (member.isEmpty() || !sets.getFirst().all().contains(member.get().ordinal())) {
            return Optional.empty();
        }
        RoaringBitmap works = RoaringBitmap.bitmapOf(member.get().ordinal());
        EvidenceQuery query = new EvidenceQuery(key, Instant.EPOCH, Instant.MAX, Long.MAX_VALUE, false, works);
        return evidence(tx, List.of(query)).getFirst().stream()
                .findFirst()
                .map(found -> new Trace(
                        key,
                        found.ordinal(),
                        found.delivery().position(),
                        batches()
                                .batch(found.delivery().position())
                                .receipt(found.delivery().index())));
    }

    /**
     * For each question the earliest delivery of each of its works, by ordinal; works without one are left out. Reads the
     * batches that fed the sets twice, however many questions there are.
     *
     * @return in the order of the questions
     */
    public List<List<Evidence>> evidence(Handle tx, List<EvidenceQuery> questions) {
        StoredFoldInputs world =
                new StoredFoldInputs(rooms, new BatchReader(log, blobs), StoredFoldInputs.Memory.NONE, tx, versions);
        return new EvidenceFinder(tx, world).find(questions);
    }

    private StoredFoldInputs bare(Handle tx) {
        return new StoredFoldInputs(rooms, new BatchReader(log, blobs), StoredFoldInputs.Memory.NONE, tx);
    }

    /** Reads batches by log position. */
    public Batches batches() {
        return new Batches(new BatchReader(log, blobs));
    }

    /** A receipt by its number, and what became of it. */
    public Optional<Located> locate(int edge, int epoch, long sequence) {
        Optional<BatchPlace> place = delivery.intake().find(edge, epoch, sequence);
        return place.map(found -> database.read(tx -> {
            int index = (int) (sequence - found.batch().header().first());
            Classifier classifier = new Classifier(bare(tx));
            var leaf = Folder.leafIn(found.batch(), sequence);
            boolean known = classifier.classify(found.position(), leaf) != Classifier.NOWHERE;
            boolean isVoid = MeteringStore.epoch(tx, edge, epoch)
                    .map(e -> !e.stands(sequence))
                    .orElse(false);
            return new Located(
                    found.position(),
                    found.batch().receipt(index),
                    known ? Optional.of(classifier.set().key()) : Optional.empty(),
                    known ? Optional.empty() : Optional.of(classifier.reason()),
                    isVoid,
                    known && leaf.meters() && !isVoid && classifier.isUse(leaf, leaf.bytes()));
        }));
    }

    /** Deliveries that count for nothing, from a log position on; at most so many. */
    public List<Anomaly> anomalies(Handle tx, long from, int limit) {
        return MeteringStore.anomalies(tx, from, limit);
    }

    /** How many deliveries count for nothing, by reason. */
    public Map<UncountedReason, Long> anomalyTotals(Handle tx) {
        return MeteringStore.anomalyTotals(tx);
    }

    /** What was delivered to a job against what its buyer says it trained on; empty for an unknown job. */
    public Optional<CrossCheck> crossCheck(JobId job) {
        return crossCheck(job, Optional.empty());
    }

    /** As {@link #crossCheck(JobId)}, of one creator's works alone. */
    public Optional<CrossCheck> crossCheck(JobId job, Optional<PartyId> creator) {
        catchUp();
        return delivery.jobs()
                .find(job)
                .map(found -> database.read(tx -> new CrossChecker(tx, delivery, catalog).check(found, creator)));
    }

    /**
     * Folds the whole log again, up to where the saved sets stand, beside them and in memory, and says what differs.
     *
     * @return no differences where all is well
     */
    public List<String> check() {
        lock.lock();
        try {
            return database.read(tx -> new SetCheck(bare(tx)).differences(tx));
        } finally {
            lock.unlock();
        }
    }

    /** What is held against edges: how many deliveries count for nothing, by reason; and quotas that were passed. */
    public List<String> notes() {
        return database.read(tx -> {
            List<String> notes = new ArrayList<>();
            new TreeMap<>(anomalyTotals(tx))
                    .forEach((reason, leaves) -> notes.add(leaves + " deliveries are not counted: " + reason.words()));
            notes.addAll(new QuotaCheck(bare(tx)).notes(tx, delivery.jobs()));
            return notes;
        });
    }

    /** The content id of an ordinal of a dataset version. */
    public ContentId content(Handle tx, Hash dataset, int ordinal) {
        return catalog.members(tx, dataset, ordinal, 1).getFirst().content();
    }

    /** Stops folding in the background. Idempotent. */
    @Override
    public void close() {
        closed = true;
        Thread running = follower;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
