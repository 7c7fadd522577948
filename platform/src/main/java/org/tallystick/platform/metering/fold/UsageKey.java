package org.tallystick.platform.metering.fold;

import java.util.Comparator;
import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.receipt.Scope;

/**
 * Names a usage set: within it, a work counts once.
 *
 * @param contract under which the works were delivered
 * @param job the window within which a work counts once
 * @param scope what for; scopes are priced and shown apart
 */
public record UsageKey(ContractId contract, JobId job, Scope scope) implements Comparable<UsageKey> {
    private static final Comparator<UsageKey> ORDER = Comparator.comparing(UsageKey::contract)
            .thenComparing(UsageKey::job)
            .thenComparing(UsageKey::scope);

    public UsageKey {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(job);
        Objects.requireNonNull(scope);
    }

    @Override
    public int compareTo(UsageKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return contract + "/" + job + "/" + scope.word();
    }
}
