package org.tallystick.platform.metering;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;

/**
 * Distinct uses under a contract: the numbers statements are made from.
 *
 * @param position log entries metered
 * @param rows by day, job, scope and creator
 * @param works listed only where asked for
 * @param next cursor to the works that follow
 */
public record Metrics(long position, List<Row> rows, List<Work> works, Optional<String> next) {
    public Metrics {
        rows = List.copyOf(rows);
        works = List.copyOf(works);
        Objects.requireNonNull(next);
    }

    /** Sum over the rows. */
    public long uses() {
        return rows.stream().mapToLong(Row::uses).sum();
    }

    /**
     * Works first used on one day.
     *
     * @param day UTC
     * @param dataset root of the dataset version
     * @param uses at least 1
     */
    public record Row(LocalDate day, Hash dataset, PartyId creator, JobId job, Scope scope, long uses) {
        public Row {
            Objects.requireNonNull(day);
            Objects.requireNonNull(dataset);
            Objects.requireNonNull(creator);
            Objects.requireNonNull(job);
            Objects.requireNonNull(scope);
        }
    }

    /** One used work. */
    public record Work(UsageKey key, PartyId creator, ContentId content) {
        public Work {
            Objects.requireNonNull(key);
            Objects.requireNonNull(creator);
            Objects.requireNonNull(content);
        }

        /** What to ask for an explanation with: {@code u:<contract>:<job>:<scope>:<content>}. */
        public String ref() {
            return "u:" + key.contract() + ":" + key.job() + ":" + key.scope().word() + ":"
                    + content.hash().hex();
        }
    }
}
