package org.tallystick.platform.catalog;

import java.util.List;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Counts what the platform's own people read of works, and shows it to whose works they are. The entry is durable before the
 * first byte leaves. Safe from any thread.
 */
public final class WorkReads {
    /** Most items on a page. */
    public static final int MAX_PAGE = 200;

    private final Database database;
    private final Sequencer sequencer;

    public WorkReads(Database database, Sequencer sequencer) {
        this.database = database;
        this.sequencer = sequencer;
    }

    /**
     * Puts a read into the log; called before it.
     *
     * @return log position of the entry
     */
    public long record(PartyId reader, ContentId content, long first, long bytes) {
        Json.Obj body = Json.object()
                .put("content_id", content.toString())
                .put("by", reader.value())
                .put("from", first)
                .put("bytes", bytes)
                .build();
        return sequencer.execute((tx, now) ->
                Decision.append(List.of(Draft.document(CatalogProjection.WORK_READ, body)), position -> position));
    }

    /**
     * Reads of a content, newest first.
     *
     * @param before log position before which to go on; the {@code next} of the page before
     * @throws org.tallystick.platform.kernel.RefusedException {@code catalog/malformed-cursor}
     */
    public Page<WorkRead> of(ContentId content, Optional<String> before, int limit) {
        int size = Math.clamp(limit, 1, MAX_PAGE);
        long from = before.map(WorkReads::cursor).orElse(Long.MAX_VALUE);
        List<WorkRead> found = database.read(tx -> WorkReadStore.of(tx, content, from, size + 1));
        return found.size() <= size
                ? Page.last(found)
                : new Page<>(
                        found.subList(0, size),
                        Optional.of(Long.toString(found.get(size - 1).position())));
    }

    private static long cursor(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw Problem.invalid(
                            "catalog/malformed-cursor", "Unknown cursor", "a cursor is what a page before gave as next")
                    .asException();
        }
        return Long.parseLong(text);
    }
}
