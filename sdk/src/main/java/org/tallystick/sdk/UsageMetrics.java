package org.tallystick.sdk;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;

/**
 * Metered usage of a contract, as far as the asker may see it.
 *
 * @param position log entries metered so far
 * @param uses sum over the rows
 * @param works listed only where asked for
 * @param next cursor to the following works
 */
public record UsageMetrics(
        String contract, long position, long uses, List<Row> rows, List<Work> works, Optional<String> next) {
    private static final long MOST = Long.MAX_VALUE >> 11;

    /** Copies the lists. */
    public UsageMetrics {
        rows = List.copyOf(rows);
        works = List.copyOf(works);
    }

    /** Distinct uses of one day (UTC, of the first delivery that counts). */
    public record Row(LocalDate day, Hash root, String creator, String job, Scope scope, long uses) {
        static Row of(Fields fields) {
            return new Row(
                    day(fields.text("day")),
                    Hash.ofHex(fields.text("root")),
                    fields.text("creator_id"),
                    fields.text("job_id"),
                    Scope.ofWord(fields.text("scope")),
                    fields.integer("uses", 0, MOST));
        }

        private static LocalDate day(String text) {
            return Times.date(text);
        }
    }

    /**
     * One used work.
     *
     * @param ref what to ask {@link TallystickClient#explain} with
     */
    public record Work(ContentId content, String creator, String job, Scope scope, String ref) {
        static Work of(Fields fields) {
            return new Work(
                    ContentId.parse(fields.text("content_id")),
                    fields.text("creator_id"),
                    fields.text("job_id"),
                    Scope.ofWord(fields.text("scope")),
                    fields.text("ref"));
        }
    }

    static UsageMetrics of(Fields fields) {
        List<Work> works = new ArrayList<>();
        for (Json work : fields.optionalArray("works")) {
            works.add(Work.of(Fields.of(work, "works")));
        }
        return new UsageMetrics(
                fields.text("contract_id"),
                fields.integer("position", 0, MOST),
                fields.integer("uses", 0, MOST),
                fields.objects("rows").stream().map(Row::of).toList(),
                works,
                fields.optionalText("next"));
    }
}
