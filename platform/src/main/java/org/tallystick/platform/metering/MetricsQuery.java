package org.tallystick.platform.metering;

import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.receipt.Scope;

/**
 * What to count.
 *
 * @param from first day (UTC) of first use, inclusive
 * @param to last day, inclusive
 * @param creator only this one's works: what a creator may ask
 * @param works how many works to list, 0 to {@value #MAX_WORKS}; 0 lists none
 * @param after the {@code next} of the page before
 */
public record MetricsQuery(
        ContractId contract,
        Optional<LocalDate> from,
        Optional<LocalDate> to,
        Optional<PartyId> creator,
        Optional<JobId> job,
        Optional<Scope> scope,
        int works,
        Optional<String> after) {
    /** Most works on a page. */
    public static final int MAX_WORKS = 1_000;

    public MetricsQuery {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        Objects.requireNonNull(creator);
        Objects.requireNonNull(job);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(after);
        works = Math.clamp(works, 0, MAX_WORKS);
    }

    /** Everything under a contract, without a list of works. */
    public static MetricsQuery of(ContractId contract) {
        return new MetricsQuery(
                contract,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty());
    }

    boolean covers(UsageKey key) {
        return job.map(key.job()::equals).orElse(true)
                && scope.map(wanted -> wanted == key.scope()).orElse(true);
    }

    boolean covers(LocalDate day) {
        return !from.map(day::isBefore).orElse(false) && !to.map(day::isAfter).orElse(false);
    }
}
