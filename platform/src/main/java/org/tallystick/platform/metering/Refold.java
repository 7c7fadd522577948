package org.tallystick.platform.metering;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.fold.BatchReader;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.Folder;
import org.tallystick.platform.metering.fold.Ordinals;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Counts a log again from its first entry, in memory and without a database: what an auditor does. Told grants, dataset
 * versions and batches in log order, it can say at any point what had been used by then. Not thread-safe.
 */
public final class Refold {
    private final Memory memory;
    private final Folder folder;
    private boolean granted;

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
        memory.grants.put(grant.tokenId(), new FoldInputs.Granted(grant, position));
        granted = true;
    }

    /** @param contents of a dataset version, in the order of their ordinals */
    public void version(Hash root, List<Hash> contents) {
        memory.versions.put(root, Ordinals.of(contents));
    }

    /** The batch at a log position, checked already. */
    public void batch(long position, Batch batch) {
        if (granted) {
            folder.forgetUnknown();
            granted = false;
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
            return Optional.ofNullable(grants.get(token));
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
