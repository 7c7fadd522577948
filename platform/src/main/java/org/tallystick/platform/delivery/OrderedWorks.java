package org.tallystick.platform.delivery;

import java.util.HexFormat;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;

/**
 * How many works an order names that no earlier order of its job and scope does: usage is a set, so money is reserved once for
 * a work however many orders name it. Tables of commitments are read here, before the sequencer is asked, and each of them
 * once: what the orders name together is kept in a row of its own. Thread-safe.
 */
final class OrderedWorks {
    private final Database database;
    private final BlobStore blobs;

    OrderedWorks(Database database, BlobStore blobs) {
        this.database = database;
        this.blobs = blobs;
    }

    /**
     * What an order adds.
     *
     * @param through the last order of the contract that was taken into account; 0 for none
     * @param works ordered here and in no order of the job and scope up to there
     */
    record Added(int through, long works) {}

    Added added(JobOrder order, ReleaseTable table) {
        JobId job = new JobId(order.job());
        ContractId contract = new ContractId(order.contract());
        OrderStore.Union known = database.read(tx -> OrderStore.union(tx, job, order.scope()));
        OrderStore.Union now = database.read(tx -> extended(tx, known, contract, job, order.scope()));
        if (now.through() > known.through()) {
            database.write(tx -> {
                OrderStore.keepUnion(tx, job, order.scope(), now);
                return now;
            });
        }
        RoaringBitmap added = ordered(table);
        added.andNot(now.works());
        return new Added(now.through(), added.getLongCardinality());
    }

    private OrderStore.Union extended(Handle tx, OrderStore.Union known, ContractId contract, JobId job, Scope scope) {
        RoaringBitmap works = known.works().clone();
        for (OrderRecord record : OrderStore.after(tx, job, known.through())) {
            if (record.order().scope() == scope) {
                works.or(ordered(
                        new ReleaseTable(HexFormat.of().parseHex(record.order().tag()), blobs.read(record.table()))));
            }
        }
        return new OrderStore.Union(OrderStore.last(tx, contract), works);
    }

    private static RoaringBitmap ordered(ReleaseTable table) {
        RoaringBitmap ordered = new RoaringBitmap();
        for (int ordinal = 0; ordinal < table.works(); ordinal++) {
            if (table.isOrdered(ordinal)) {
                ordered.add(ordinal);
            }
        }
        return ordered;
    }
}
