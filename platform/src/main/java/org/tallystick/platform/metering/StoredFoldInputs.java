package org.tallystick.platform.metering;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.GrantRecord;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.metering.fold.BatchReader;
import org.tallystick.platform.metering.fold.Bucket;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.MeteredWork;
import org.tallystick.platform.metering.fold.Ordinals;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/**
 * What folding reads, from where it is kept: grants and members from their rooms, sets from the tables, batches from log and
 * blobs. Bound to one transaction at a time. Not thread-safe.
 */
final class StoredFoldInputs implements FoldInputs {
    private final Rooms rooms;
    private final BatchReader reader;
    private final Memory memory;
    private final NavigableSet<Long> boundaries;
    private final KnownVersions versions;
    private Handle tx;

    /** What metering asks other rooms. */
    record Rooms(Deliveries delivery, Catalog catalog) {}

    /** Whether sets and epochs begin as they were saved or with nothing. */
    enum Memory {
        SAVED,
        NONE
    }

    /** One that reads every dataset version itself. */
    StoredFoldInputs(Rooms rooms, BatchReader reader, Memory memory, Handle tx) {
        this(rooms, reader, memory, tx, new KnownVersions());
    }

    StoredFoldInputs(Rooms rooms, BatchReader reader, Memory memory, Handle tx, KnownVersions versions) {
        this.rooms = rooms;
        this.reader = reader;
        this.memory = memory;
        this.versions = versions;
        this.tx = tx;
        this.boundaries = MeteringStore.boundaries(tx);
    }

    /** Goes on in another transaction. */
    StoredFoldInputs in(Handle next) {
        tx = next;
        return this;
    }

    /** Where buckets are cut besides midnights; shared with the sets and growing. */
    NavigableSet<Long> boundaries() {
        return boundaries;
    }

    BatchReader reader() {
        return reader;
    }

    @Override
    public Optional<Granted> grant(TokenId token) {
        return rooms.delivery()
                .jobs()
                .grant(tx, token)
                .map(record -> new Granted(checked(record.grant(), token), record.position(), bounds(record)));
    }

    private Bounds bounds(GrantRecord record) {
        Grant grant = record.grant();
        Optional<Instant> closed = rooms.delivery()
                .jobs()
                .find(tx, new JobId(grant.job()))
                .flatMap(Job::closed)
                .map(Job.Closed::at);
        Optional<Ordered> order = grant.order()
                .flatMap(named -> rooms.delivery()
                        .orders()
                        .find(tx, new ContractId(grant.contract()), named.number())
                        .filter(found -> found.order().claim().equals(named)))
                .map(found -> new Ordered(
                        rooms.delivery().orders().table(found), found.order().ends()));
        return new Bounds(record.revoked(), closed, order);
    }

    @Override
    public long revokedFrom(int edge, int epoch) {
        return rooms.delivery().edges().revokedFrom(tx, edge, epoch);
    }

    /** The log position of the latest entry that ended a token, a job or an epoch; -1 for none. */
    long lastEnding() {
        return rooms.delivery().lastEnding(tx);
    }

    private static Grant checked(Grant grant, TokenId token) {
        if (!grant.tokenId().equals(token)) {
            throw new IllegalStateException("the claims kept for token " + token + " are another's");
        }
        return grant;
    }

    @Override
    public Ordinals ordinals(Hash dataset) {
        Optional<Ordinals> known = versions.find(dataset);
        if (known.isPresent()) {
            return known.get();
        }
        List<MeteredWork> contents = new ArrayList<>();
        for (Member member : rooms.catalog().members(tx, dataset)) {
            if (member.ordinal() != contents.size()) {
                throw new IllegalStateException("the members of " + dataset + " are not dense at " + contents.size());
            }
            contents.add(new MeteredWork(member.content().hash(), member.bytes(), member.freeRanges()));
        }
        Ordinals ordinals = Ordinals.of(contents);
        versions.keep(dataset, ordinals);
        return ordinals;
    }

    @Override
    public FoldedSet set(UsageKey key, Hash dataset, int works) {
        List<Bucket> saved = new ArrayList<>();
        if (memory == Memory.SAVED) {
            for (MeteringStore.Row row : MeteringStore.set(tx, key)) {
                if (!row.dataset().equals(dataset)) {
                    throw new IllegalStateException(key + " was metered against another dataset version");
                }
                saved.add(row.bucket());
            }
        }
        return new FoldedSet(key, dataset, works, saved, boundaries);
    }

    @Override
    public List<Spanning> spanning(long moment) {
        return memory == Memory.SAVED ? MeteringStore.spanning(tx, moment) : List.of();
    }

    @Override
    public FoldedEpoch epoch(int edge, int epoch) {
        return (memory == Memory.SAVED ? MeteringStore.epoch(tx, edge, epoch) : Optional.<FoldedEpoch>empty())
                .orElseGet(() -> new FoldedEpoch(edge, epoch));
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
