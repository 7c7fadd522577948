package org.tallystick.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;

/** What the meter's measurement puts straight into tables and asks of them, and of directories. */
final class MeterTables {
    private MeterTables() {}

    /** Works without uploads: content ids are hashes of numbers, creators' names sort as their numbers do. */
    static List<ContentAndCreator> insertWorks(Handle tx, int works, int perCreator) {
        tx.execute(
                "insert into catalog.work"
                        + " (manifest_id, content_id, creator, bytes, media_type, license_uri, path, position)"
                        + " select 'mf-' || lpad(to_hex(i), 40, '0'), sha256(int4send(i)),"
                        + " 'creator-' || lpad((i / ?)::text, 8, '0'), 20000, 'text/plain',"
                        + " 'https://licenses.example/1', 'works/' || i, 0 from generate_series(0, ? - 1) i",
                perCreator,
                works);
        tx.execute("analyze catalog.work");
        List<ContentAndCreator> all = new ArrayList<>(works);
        tx.createQuery("select content_id, creator from catalog.work")
                .map((row, context) -> new ContentAndCreator(
                        new ContentId(Hash.of(row.getBytes("content_id"))), new PartyId(row.getString("creator"))))
                .forEach(all::add);
        return all;
    }

    /** Bytes of the tables, indexes and out-of-line values of some schemas. */
    static long tableBytes(Handle tx, List<String> schemas) {
        return tx.createQuery("select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class c"
                        + " join pg_namespace n on n.oid = c.relnamespace"
                        + " where c.relkind = 'r' and n.nspname in (<schemas>)")
                .bindList("schemas", schemas)
                .mapTo(Long.class)
                .one();
    }

    /** Rows of the largest table of the meter and of intake. */
    static long rows(Handle tx) {
        return tx.select("select (select count(*) from metering.usage_set) + (select count(*) from delivery.shipment)")
                .mapTo(Long.class)
                .one();
    }

    /** Bytes of all files below a directory. */
    static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(MeterTables::size)
                    .sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
