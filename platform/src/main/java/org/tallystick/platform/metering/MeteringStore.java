package org.tallystick.platform.metering;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.metering.fold.Bitmaps64;
import org.tallystick.platform.metering.fold.Bucket;
import org.tallystick.platform.metering.fold.CountPlanes;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Scope;

/** The tables of the room. Stateless. */
final class MeteringStore {
    private static final String SET = "select contract, job, scope, bucket_start, bucket_end, dataset, works, counts,"
            + " positions, checksum from metering.usage_set ";
    private static final String EPOCH =
            "select edge, epoch, seen, voided, kept, waiting, positions, checksum from metering.epoch ";
    private static final String ORDER = " order by contract, job, scope, bucket_start";

    private MeteringStore() {}

    /**
     * A saved bucket, its bitmaps not unpacked yet.
     *
     * @param start first millisecond
     * @param end first millisecond past it
     */
    record Row(UsageKey key, long start, long end, Hash dataset, int works, byte[] counts, byte[] positions) {
        CountPlanes planes() {
            return CountPlanes.decode(counts);
        }

        Roaring64NavigableMap feeding() {
            return Bitmaps64.decode(positions);
        }

        Bucket bucket() {
            return Bucket.of(start, end, planes(), feeding());
        }

        byte[] checksum() {
            return digest(
                    key.contract().value().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    key.job().value().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    ByteBuffer.allocate(24)
                            .putInt(key.scope().code())
                            .putLong(start)
                            .putLong(end)
                            .putInt(works)
                            .array(),
                    dataset.toBytes(),
                    counts,
                    positions);
        }
    }

    static long position(Handle tx) {
        return tx.select("select position, checksum from metering.progress")
                .map((row, context) -> {
                    long position = row.getLong("position");
                    check(progressDigest(position), row.getBytes("checksum"), "the position " + position);
                    return position;
                })
                .one();
    }

    /** Moves on; throws where somebody else has moved meanwhile. */
    static void advance(Handle tx, long from, long to) {
        int rows = tx.createUpdate(
                        "update metering.progress set position = :to, checksum = :checksum where position = :from")
                .bind("from", from)
                .bind("to", to)
                .bind("checksum", progressDigest(to))
                .execute();
        if (rows != 1) {
            throw new IllegalStateException("metering was moved on from " + from + " by somebody else");
        }
    }

    private static byte[] progressDigest(long position) {
        return Sha256.hash(ByteBuffer.allocate(Long.BYTES).putLong(position).array())
                .toBytes();
    }

    static NavigableSet<Long> boundaries(Handle tx) {
        return new TreeSet<>(tx.select("select moment from metering.boundary")
                .mapTo(Long.class)
                .list());
    }

    static void insertBoundary(Handle tx, long moment) {
        tx.execute("insert into metering.boundary (moment) values (?) on conflict do nothing", moment);
    }

    /** The buckets of one set, by time. */
    static List<Row> set(Handle tx, UsageKey key) {
        return tx.createQuery(SET + "where contract = :contract and job = :job and scope = :scope" + ORDER)
                .bind("contract", key.contract().value())
                .bind("job", key.job().value())
                .bind("scope", key.scope().code())
                .map((row, context) -> row(row))
                .list();
    }

    /** The buckets of all sets of a contract, set by set and by time. */
    static List<Row> sets(Handle tx, ContractId contract) {
        return tx.createQuery(SET + "where contract = :contract" + ORDER)
                .bind("contract", contract.value())
                .map((row, context) -> row(row))
                .list();
    }

    /** All sets. */
    static List<UsageKey> keys(Handle tx) {
        return tx.select("select distinct contract, job, scope from metering.usage_set order by contract, job, scope")
                .map((row, context) -> key(row))
                .list();
    }

    /** The contracts with anything metered. */
    static List<ContractId> contracts(Handle tx) {
        return tx.select("select distinct contract from metering.usage_set order by contract")
                .mapTo(String.class)
                .map(ContractId::new)
                .list();
    }

    static List<FoldInputs.Spanning> spanning(Handle tx, long moment) {
        return tx.createQuery("select contract, job, scope, dataset, works from metering.usage_set"
                        + " where bucket_start < :moment and bucket_end > :moment" + ORDER)
                .bind("moment", moment)
                .map((row, context) ->
                        new FoldInputs.Spanning(key(row), Hash.of(row.getBytes("dataset")), row.getInt("works")))
                .list();
    }

    static void save(Handle tx, Collection<FoldedSet> sets) {
        try (PreparedBatch batch = tx.prepareBatch("insert into metering.usage_set"
                + " (contract, job, scope, bucket_start, bucket_end, dataset, works, counts, positions, checksum)"
                + " values (:contract, :job, :scope, :start, :end, :dataset, :works, :counts, :positions, :checksum)"
                + " on conflict (contract, job, scope, bucket_start) do update set bucket_end = excluded.bucket_end,"
                + " counts = excluded.counts, positions = excluded.positions, checksum = excluded.checksum")) {
            for (FoldedSet set : sets) {
                for (Bucket bucket : set.buckets()) {
                    if (bucket.isChanged()) {
                        add(batch, row(set, bucket));
                    }
                }
            }
            if (batch.size() > 0) {
                batch.execute();
            }
        }
    }

    static Row row(FoldedSet set, Bucket bucket) {
        return new Row(
                set.key(),
                bucket.start(),
                bucket.end(),
                set.dataset(),
                bucket.works(),
                bucket.planes().encode(),
                Bitmaps64.encode(bucket.positions()));
    }

    private static void add(PreparedBatch batch, Row row) {
        batch.bind("contract", row.key().contract().value())
                .bind("job", row.key().job().value())
                .bind("scope", row.key().scope().code())
                .bind("start", row.start())
                .bind("end", row.end())
                .bind("dataset", row.dataset().toBytes())
                .bind("works", row.works())
                .bind("counts", row.counts())
                .bind("positions", row.positions())
                .bind("checksum", row.checksum())
                .add();
    }

    static Optional<FoldedEpoch> epoch(Handle tx, int edge, int epoch) {
        return tx.select(EPOCH + "where edge = ? and epoch = ?", edge, epoch)
                .map((row, context) -> epoch(row))
                .findOne();
    }

    static List<FoldedEpoch> epochs(Handle tx) {
        return tx.select(EPOCH + "order by edge, epoch")
                .map((row, context) -> epoch(row))
                .list();
    }

    /** All epochs, as edge/epoch. */
    static List<String> epochNames(Handle tx) {
        return tx.select("select edge || '/' || epoch from metering.epoch order by edge, epoch")
                .mapTo(String.class)
                .list();
    }

    static void saveEpochs(Handle tx, Collection<FoldedEpoch> epochs) {
        try (PreparedBatch batch = tx.prepareBatch("insert into metering.epoch"
                + " (edge, epoch, seen, voided, kept, waiting, positions, checksum)"
                + " values (:edge, :epoch, :seen, :voided, :kept, :waiting, :positions, :checksum)"
                + " on conflict (edge, epoch) do update set seen = excluded.seen, voided = excluded.voided,"
                + " kept = excluded.kept, waiting = excluded.waiting,"
                + " positions = excluded.positions, checksum = excluded.checksum")) {
            for (FoldedEpoch epoch : epochs) {
                if (epoch.isChanged()) {
                    EpochRow row = EpochRow.of(epoch);
                    batch.bind("edge", epoch.edge())
                            .bind("epoch", epoch.epoch())
                            .bind("seen", row.seen())
                            .bind("voided", row.voided())
                            .bind("kept", row.kept())
                            .bind("waiting", row.waiting())
                            .bind("positions", row.positions())
                            .bind("checksum", row.checksum(epoch.edge(), epoch.epoch()))
                            .add();
                }
            }
            if (batch.size() > 0) {
                batch.execute();
            }
        }
    }

    static void saveAnomalies(Handle tx, Map<Long, Map<UncountedReason, Integer>> anomalies) {
        try (PreparedBatch batch = tx.prepareBatch(
                "insert into metering.anomaly (position, reason, leaves)" + " values (:position, :reason, :leaves)")) {
            anomalies.forEach(
                    (position, reasons) -> reasons.forEach((reason, leaves) -> batch.bind("position", position)
                            .bind("reason", reason.slug())
                            .bind("leaves", leaves)
                            .add()));
            if (batch.size() > 0) {
                batch.execute();
            }
        }
    }

    /** At most so many, the first ones first. */
    static List<Anomaly> anomalies(Handle tx, long from, int limit) {
        return tx.select(
                        "select position, reason, leaves from metering.anomaly where position >= ?"
                                + " order by position, reason limit ?",
                        from,
                        limit)
                .map((row, context) -> new Anomaly(
                        row.getLong("position"), UncountedReason.ofSlug(row.getString("reason")), row.getInt("leaves")))
                .list();
    }

    static Map<UncountedReason, Long> anomalyTotals(Handle tx) {
        Map<UncountedReason, Long> totals = new HashMap<>();
        tx.select("select reason, sum(leaves) as leaves from metering.anomaly group by reason")
                .map((row, context) ->
                        Map.entry(UncountedReason.ofSlug(row.getString("reason")), row.getLong("leaves")))
                .forEach(entry -> totals.put(entry.getKey(), entry.getValue()));
        return totals;
    }

    static void empty(Handle tx) {
        tx.execute("truncate metering.usage_set, metering.epoch, metering.boundary, metering.anomaly");
        tx.execute("update metering.progress set position = 0, checksum = sha256(int8send(0))");
    }

    private static UsageKey key(ResultSet row) throws SQLException {
        return new UsageKey(
                new ContractId(row.getString("contract")),
                new JobId(row.getString("job")),
                Scope.ofCode(row.getInt("scope")));
    }

    private static Row row(ResultSet row) throws SQLException {
        Row found = new Row(
                key(row),
                row.getLong("bucket_start"),
                row.getLong("bucket_end"),
                Hash.of(row.getBytes("dataset")),
                row.getInt("works"),
                row.getBytes("counts"),
                row.getBytes("positions"));
        check(found.checksum(), row.getBytes("checksum"), "usage set " + found.key() + " at " + found.start());
        return found;
    }

    private static FoldedEpoch epoch(ResultSet row) throws SQLException {
        int edge = row.getInt("edge");
        int epoch = row.getInt("epoch");
        EpochRow saved = new EpochRow(
                row.getBytes("seen"),
                row.getBytes("voided"),
                row.getBytes("kept"),
                row.getBytes("waiting"),
                row.getBytes("positions"));
        check(saved.checksum(edge, epoch), row.getBytes("checksum"), "epoch " + epoch + " of edge " + edge);
        return saved.epoch(edge, epoch);
    }

    /** SHA-256 over the parts, each behind its length. */
    static byte[] digest(byte[]... parts) {
        MessageDigest digest = Sha256.newDigest();
        for (byte[] part : parts) {
            digest.update(ByteBuffer.allocate(4).putInt(part.length).flip());
            digest.update(part);
        }
        return digest.digest();
    }

    private static void check(byte[] computed, byte[] saved, String what) {
        if (!MessageDigest.isEqual(computed, saved)) {
            throw new IllegalStateException(what + " is not what was saved: it has changed in the database");
        }
    }
}
