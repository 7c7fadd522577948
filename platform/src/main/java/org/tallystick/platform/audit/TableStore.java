package org.tallystick.platform.audit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.log.LogEntry;

/**
 * Makes every table that comes from the log once more, in a transaction that is rolled back, and compares what stood there
 * with what came out. The ledger is left out: its row numbers depend on attempts that failed, so it is compared posting by
 * posting elsewhere. Left out as well is what a reset leaves, which is not made from the log. One object makes one comparison.
 */
final class TableStore {
    private static final int AT_ONCE = 512;

    private final TransparencyLog log;
    private final BlobStore blobs;
    private final List<Projection> projections;

    TableStore(TransparencyLog log, BlobStore blobs, List<Projection> projections) {
        this.log = log;
        this.blobs = blobs;
        this.projections = List.copyOf(projections);
    }

    /** Counts a table's rows and sums their hashes; a sum, so that the order of the rows does not matter. */
    private record Content(long rows, BigDecimal sum) {}

    Finding run(Database database) {
        return database.write(tx -> {
            Finding found = compare(tx);
            tx.rollback();
            tx.begin();
            return found;
        });
    }

    private Finding compare(Handle tx) {
        long applied =
                tx.select("select position from log.applied").mapTo(Long.class).one();
        Map<String, Content> before = contents(tx, tables(tx));
        projections.reversed().forEach(projection -> projection.reset(tx));
        List<String> derived = new ArrayList<>();
        contents(tx, before.keySet()).forEach((table, content) -> {
            if (content.rows() == 0) { // what a reset leaves is not made from the log
                derived.add(table);
            }
        });
        replay(tx, applied);
        List<String> differences = new ArrayList<>();
        Map<String, Content> after = contents(tx, derived);
        long rows = 0;
        for (String table : derived) {
            Content was = Objects.requireNonNull(before.get(table));
            Content is = Objects.requireNonNull(after.get(table));
            rows += was.rows();
            if (was.rows() != is.rows()) {
                differences.add(
                        "table " + table + " holds " + was.rows() + " rows, the log makes " + is.rows() + " of it");
            } else if (!was.equals(is)) {
                differences.add("table " + table + " holds another row than the log makes of it");
            }
        }
        return new Finding("tables", rows + " rows made again from the log", differences, List.of());
    }

    private void replay(Handle tx, long to) {
        for (long from = 0; from < to; from += AT_ONCE) {
            long position = from;
            for (byte[] entry : log.entries(from, Math.min(to, from + AT_ONCE))) {
                LogEntry decoded = LogEntry.decode(entry, blobs::read);
                for (Projection projection : projections) {
                    projection.apply(tx, position, decoded);
                }
                position++;
            }
        }
    }

    private static List<String> tables(Handle tx) {
        return tx.select("select table_schema || '.' || table_name from information_schema.tables"
                        + " where table_type = 'BASE TABLE' and table_schema not in"
                        + " ('pg_catalog', 'information_schema', 'migrations', 'ledger', 'log', 'metering', 'api')"
                        + " order by 1")
                .mapTo(String.class)
                .list();
    }

    private static Map<String, Content> contents(Handle tx, Iterable<String> tables) {
        Map<String, Content> found = new TreeMap<>();
        for (String table : tables) {
            found.put(
                    table,
                    tx.select("select count(*) as rows, coalesce(sum(hashtextextended(t::text, 0)), 0) as sum from "
                                    + table + " t")
                            .map((row, context) -> new Content(row.getLong("rows"), row.getBigDecimal("sum")))
                            .one());
        }
        return found;
    }
}
