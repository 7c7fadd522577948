package org.tallystick.sdk;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.protocol.receipt.Scope;

/**
 * Which metered usage to tell.
 *
 * @param contract whose
 * @param from first day (UTC), inclusive
 * @param to last day (UTC), inclusive
 * @param works whether to list the works too
 * @param cursor where the page before said to go on
 */
public record UsageQuery(
        String contract,
        Optional<LocalDate> from,
        Optional<LocalDate> to,
        Optional<String> creator,
        Optional<String> job,
        Optional<Scope> scope,
        boolean works,
        Optional<String> cursor) {
    /** All usage of a contract. */
    public static UsageQuery of(String contract) {
        return new UsageQuery(
                contract,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** Only days of a range, both inclusive. */
    public UsageQuery between(LocalDate first, LocalDate last) {
        return new UsageQuery(contract, Optional.of(first), Optional.of(last), creator, job, scope, works, cursor);
    }

    /** Only works of a creator. */
    public UsageQuery creator(String id) {
        return new UsageQuery(contract, from, to, Optional.of(id), job, scope, works, cursor);
    }

    /** Only a job's. */
    public UsageQuery job(String id) {
        return new UsageQuery(contract, from, to, creator, Optional.of(id), scope, works, cursor);
    }

    /** Only a scope's. */
    public UsageQuery scope(Scope only) {
        return new UsageQuery(contract, from, to, creator, job, Optional.of(only), works, cursor);
    }

    /** With the works listed, from a cursor on. */
    public UsageQuery works(Optional<String> after) {
        return new UsageQuery(contract, from, to, creator, job, scope, true, after);
    }

    Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("contract_id", contract);
        from.ifPresent(day -> all.put("from", day.toString()));
        to.ifPresent(day -> all.put("to", day.toString()));
        creator.ifPresent(id -> all.put("creator", id));
        job.ifPresent(id -> all.put("job", id));
        scope.ifPresent(only -> all.put("scope", only.word()));
        if (works) {
            all.put("detail", "works");
        }
        cursor.ifPresent(after -> all.put("cursor", after));
        return all;
    }
}
