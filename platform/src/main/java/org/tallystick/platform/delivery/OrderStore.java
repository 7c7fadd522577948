package org.tallystick.platform.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.Jws;

/** The table of job orders. Stateless. */
final class OrderStore {
    private static final String ORDER = "select compact, table_blob, position from delivery.job_order ";

    private OrderStore() {}

    static Optional<OrderRecord> find(Handle tx, ContractId contract, int number) {
        return tx.select(ORDER + "where contract = ? and number = ?", contract.value(), number)
                .map((row, context) -> record(row))
                .findOne();
    }

    static List<OrderRecord> ofJob(Handle tx, JobId job) {
        return after(tx, job, 0);
    }

    /** The orders of a job behind a number, in the order of their numbers. */
    static List<OrderRecord> after(Handle tx, JobId job, int number) {
        return tx.select(ORDER + "where job = ? and number > ? order by number", job.value(), number)
                .map((row, context) -> record(row))
                .list();
    }

    /** The orders with a table of that root, in the order they came. */
    static List<OrderRecord> withKeys(Handle tx, Hash keys) {
        return tx.select(ORDER + "where keys = ? order by position", (Object) keys.toBytes())
                .map((row, context) -> record(row))
                .list();
    }

    /** The number of the last order of a contract, 0 where there is none. */
    static int last(Handle tx, ContractId contract) {
        return tx.select("select coalesce(max(number), 0) from delivery.job_order where contract = ?", contract.value())
                .mapTo(Integer.class)
                .one();
    }

    static boolean isTagTaken(Handle tx, String tag) {
        return tx.select("select exists (select from delivery.job_order where tag = ?)", tag)
                .mapTo(Boolean.class)
                .one();
    }

    static void insert(Handle tx, long position, JobOrder order, String compact, ContentId table) {
        tx.createUpdate("insert into delivery.job_order (contract, number, position, job, tag, keys, works, ordered,"
                        + " ends, compact, table_blob) values (:contract, :number, :position, :job, :tag, :keys, :works, :ordered,"
                        + " :ends, :compact, :table)")
                .bind("contract", order.contract())
                .bind("number", order.number())
                .bind("position", position)
                .bind("job", order.job())
                .bind("tag", order.tag())
                .bind("keys", order.keys().toBytes())
                .bind("works", order.works())
                .bind("ordered", order.ordered())
                .bind("ends", RowStore.time(order.ends()))
                .bind("compact", compact)
                .bind("table", table.hash().toBytes())
                .execute();
    }

    /**
     * What the orders of a job and scope name together.
     *
     * @param through number of the last order of the contract that is in it
     * @param works ordinals of the dataset version; not to be changed
     */
    record Union(int through, RoaringBitmap works) {}

    /** What was kept of a job and scope; nothing at first. */
    static Union union(Handle tx, JobId job, Scope scope) {
        return tx.select(
                        "select through, works from delivery.ordered_works where job = ? and scope = ?",
                        job.value(),
                        scope.word())
                .map((row, context) -> new Union(row.getInt("through"), bitmap(row.getBytes("works"))))
                .findOne()
                .orElseGet(() -> new Union(0, new RoaringBitmap()));
    }

    /** Keeps a union, unless one of more orders is kept already. */
    static void keepUnion(Handle tx, JobId job, Scope scope, Union union) {
        union.works().runOptimize();
        ByteBuffer bytes = ByteBuffer.allocate(union.works().serializedSizeInBytes());
        union.works().serialize(bytes);
        tx.createUpdate("insert into delivery.ordered_works as o (job, scope, through, works)"
                        + " values (:job, :scope, :through, :works)"
                        + " on conflict (job, scope) do update set through = excluded.through, works = excluded.works"
                        + " where o.through < excluded.through")
                .bind("job", job.value())
                .bind("scope", scope.word())
                .bind("through", union.through())
                .bind("works", bytes.array())
                .execute();
    }

    private static RoaringBitmap bitmap(byte[] bytes) {
        try {
            RoaringBitmap bitmap = new RoaringBitmap();
            bitmap.deserialize(ByteBuffer.wrap(bytes));
            return bitmap;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OrderRecord record(ResultSet row) throws SQLException {
        String compact = row.getString("compact");
        return new OrderRecord(
                JobOrder.ofPayload(Jws.parse(compact).payload()),
                compact,
                new ContentId(Hash.of(row.getBytes("table_blob"))),
                row.getLong("position"));
    }
}
