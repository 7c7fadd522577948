package org.tallystick.platform.rating;

import java.util.Objects;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.Scope;

/**
 * Distinct works of one creator used in one job under one scope.
 *
 * @param works distinct works, at least 1
 */
public record Use(JobId job, Scope scope, PartyId creator, long works) {
    public Use {
        Objects.requireNonNull(job);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(creator);
        if (works < 1) {
            throw new IllegalArgumentException("a use counts at least one work, not " + works);
        }
    }
}
