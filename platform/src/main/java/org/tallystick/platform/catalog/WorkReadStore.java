package org.tallystick.platform.catalog;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;

/** The table of reads past every edge. */
final class WorkReadStore {
    private WorkReadStore() {}

    static void insert(Handle tx, WorkRead read) {
        tx.execute(
                "insert into catalog.work_read (position, content_id, reader, first_byte, bytes, read_at)"
                        + " values (?, ?, ?, ?, ?, ?)",
                read.position(),
                read.content().hash().toBytes(),
                read.reader().value(),
                read.first(),
                read.bytes(),
                read.at().atOffset(ZoneOffset.UTC));
    }

    static List<WorkRead> of(Handle tx, ContentId content, long before, int limit) {
        return tx.select(
                        "select content_id, reader, first_byte, bytes, position, read_at from catalog.work_read"
                                + " where content_id = ? and position < ? order by position desc limit ?",
                        content.hash().toBytes(),
                        before,
                        limit)
                .map((row, context) -> new WorkRead(
                        new ContentId(Hash.of(row.getBytes("content_id"))),
                        new PartyId(row.getString("reader")),
                        row.getLong("first_byte"),
                        row.getLong("bytes"),
                        row.getLong("position"),
                        row.getObject("read_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    static void empty(Handle tx) {
        tx.execute("delete from catalog.work_read");
    }
}
