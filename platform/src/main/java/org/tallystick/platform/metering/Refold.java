package org.tallystick.platform.metering;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.fold.BatchReader;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.Folder;
import org.tallystick.platform.metering.fold.MeteredWork;
import org.tallystick.platform.metering.fold.Ordinals;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Counts a log again from its first entry, in memory and without a database: what an auditor does. Told grants, dataset
 * versions and batches in log order, it can say at any point what had been used by then. Not thread-safe.
 */
public final class Refold {
    private final Memory memory;
    private final Folder folder;
    private boolean granted;
    private boolean ended;

    /**
     * @param log where batches are looked up again when a receipt takes one of their deliveries back
     * @param ends of all periods that will be asked about
     */
    public Refold(TransparencyLog log, BlobStore blobs, Collection<Instant> ends) {
        NavigableSet<Long> boundaries = new TreeSet<>();
        ends.forEach(end -> boundaries.add(end.toEpochMilli()));
        this.memory = new Memory(new BatchReader(log, blobs), boundaries);
        this.folder = new Folder(memory);
    }

    /** The grant at a log position. */
    public void grant(long position, Grant grant) {
        memory.grants.put(grant.tokenId(), new FoldInputs.Granted(grant, position, FoldInputs.Bounds.NONE));
        granted = true;
    }

    /** @param works of a dataset version, in the order of their ordinals */
    public void version(Hash root, List<MeteredWork> works) {
        memory.versions.put(root, Ordinals.of(works));
    }

    /**
     * A job order, and the table it commits to.
     *
     * @throws org.tallystick.protocol.codec.MalformedException {@code release/table} where it commits to another
     */
    public void order(JobOrder order, byte[] entries) {
        ReleaseTable table = new ReleaseTable(HexFormat.of().parseHex(order.tag()), entries);
        table.check(order);
        memory.orders.put(order.claim(), new FoldInputs.Ordered(table, order.ends()));
        ended = true;
    }

    /** A token that was revoked. */
    public void revoked(TokenId token, Instant at) {
        memory.revoked.putIfAbsent(token, at);
        ended = true;
    }

    /** A job that was closed. */
    public void closed(JobId job, Instant at) {
        memory.closed.putIfAbsent(job, at);
        ended = true;
    }

    /** @param epoch that was revoked at a log position, or 0 for all of the edge's */
    public void revoked(long position, int edge, int epoch) {
        memory.revokedEpochs.putIfAbsent((long) edge << 32 | epoch, position);
        ended = true;
    }

    /** The batch at a log position, checked already. */
    public void batch(long position, Batch batch) {
        if (granted) {
            folder.forgetUnknown();
            granted = false;
        }
        if (ended) {
            folder.forgetGrants();
            ended = false;
        }
        folder.fold(position, batch);
    }

    /** What was used under a contract so far, as {@link Metering#used}. */
    public List<UsedWorks> used(ContractId contract, List<Instant> ends) {
        List<UsedWorks> found = new ArrayList<>();
        for (FoldedSet set : memory.sets(contract)) {
            FirstUses uses = FirstUses.of(set);
            if (!uses.spans().isEmpty()) {
                found.add(uses.by(ends));
            }
        }
        return found;
    }

    /** What the folder asks for, answered from what was told. */
    private static final class Memory implements FoldInputs {
        private final BatchReader reader;
        private final NavigableSet<Long> boundaries;
        private final Map<TokenId, Granted> grants = new HashMap<>();
        private final Map<Grant.Order, Ordered> orders = new HashMap<>();
        private final Map<TokenId, Instant> revoked = new HashMap<>();
        private final Map<JobId, Instant> closed = new HashMap<>();
        private final Map<Long, Long> revokedEpochs = new HashMap<>();
        private final Map<Hash, Ordinals> versions = new HashMap<>();
        private final Map<ContractId, List<FoldedSet>> sets = new HashMap<>();

        Memory(BatchReader reader, NavigableSet<Long> boundaries) {
            this.reader = reader;
            this.boundaries = boundaries;
        }

        List<FoldedSet> sets(ContractId contract) {
            List<FoldedSet> found = new ArrayList<>(sets.getOrDefault(contract, List.of()));
            found.sort(Comparator.comparing(FoldedSet::key));
            return found;
        }

        @Override
        public Optional<Granted> grant(TokenId token) {
            return Optional.ofNullable(grants.get(token))
                    .map(found -> new Granted(found.grant(), found.position(), bounds(token, found.grant())));
        }

        private Bounds bounds(TokenId token, Grant grant) {
            return new Bounds(
                    Optional.ofNullable(revoked.get(token)),
                    Optional.ofNullable(closed.get(new JobId(grant.job()))),
                    grant.order().flatMap(order -> Optional.ofNullable(orders.get(order))));
        }

        @Override
        public long revokedFrom(int edge, int epoch) {
            long whole = revokedEpochs.getOrDefault((long) edge << 32, Long.MAX_VALUE);
            return Math.min(whole, revokedEpochs.getOrDefault((long) edge << 32 | epoch, Long.MAX_VALUE));
        }

        @Override
        public Ordinals ordinals(Hash dataset) {
            return versions.computeIfAbsent(dataset, root -> Ordinals.of(List.of()));
        }

        /** Asked once for each set: the folder keeps them. */
        @Override
        public FoldedSet set(UsageKey key, Hash dataset, int works) {
            FoldedSet set = new FoldedSet(key, dataset, works, List.of(), boundaries);
            sets.computeIfAbsent(key.contract(), contract -> new ArrayList<>()).add(set);
            return set;
        }

        @Override
        public List<Spanning> spanning(long moment) {
            return List.of(); // all cuts were known from the beginning
        }

        @Override
        public FoldedEpoch epoch(int edge, int epoch) {
            return new FoldedEpoch(edge, epoch);
        }

        @Override
        public BatchHeader header(long position) {
            return reader.header(position);
        }

        @Override
        public Batch batch(long position) {
            return reader.single(position);
        }
    }
}
