package org.tallystick.platform.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.receipt.SignedHeader;

/** Table of what was refused because its key was revoked. Not made from the log, so a rebuild leaves it alone. */
final class RefusedStore {
    private static final String ADD = "insert into delivery.refused"
            + " (edge, epoch, reason, first_sequence, last_sequence, shipments, first_at, last_at, header)"
            + " values (:edge, :epoch, :reason, :first, :last, 1, :at, :at, :header)"
            + " on conflict (edge, epoch, reason) do update set"
            + " first_sequence = least(refused.first_sequence, excluded.first_sequence),"
            + " last_sequence = greatest(refused.last_sequence, excluded.last_sequence),"
            + " shipments = refused.shipments + 1,"
            + " first_at = least(refused.first_at, excluded.first_at),"
            + " last_at = greatest(refused.last_at, excluded.last_at), header = excluded.header";

    private RefusedStore() {}

    static void add(Handle tx, ShippedBundle shipped, String reason, Instant at) {
        tx.createUpdate(ADD)
                .bind("edge", shipped.edge())
                .bind("epoch", shipped.epoch())
                .bind("reason", reason)
                .bind("first", shipped.first().first())
                .bind("last", shipped.last().last())
                .bind("at", RowStore.time(at))
                .bind("header", shipped.batches().getLast().signed().encode())
                .execute();
    }

    static List<RefusedBatches> all(Handle tx) {
        return tx.select("select * from delivery.refused order by edge, epoch, reason")
                .map((row, context) -> read(row))
                .list();
    }

    /** Those of one edge that follow an epoch and reason, in that order. */
    static List<RefusedBatches> of(Handle tx, int edge, int epoch, String reason, int limit) {
        return tx.select(
                        "select * from delivery.refused where edge = ? and (epoch, reason) > (?, ?)"
                                + " order by epoch, reason limit ?",
                        edge,
                        epoch,
                        reason,
                        limit)
                .map((row, context) -> read(row))
                .list();
    }

    /** Removes those of which nothing was seen since a time. */
    static int forget(Handle tx, Instant before) {
        return tx.execute("delete from delivery.refused where last_at < ?", RowStore.time(before));
    }

    private static RefusedBatches read(ResultSet row) throws SQLException {
        return new RefusedBatches(
                row.getInt("edge"),
                row.getInt("epoch"),
                row.getString("reason"),
                row.getLong("first_sequence"),
                row.getLong("last_sequence"),
                row.getLong("shipments"),
                RowStore.time(row, "first_at"),
                RowStore.time(row, "last_at"),
                SignedHeader.decode(row.getBytes("header"), 0));
    }
}
