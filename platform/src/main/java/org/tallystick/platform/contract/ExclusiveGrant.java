package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.Objects;

/**
 * A contract in force that holds its dataset exclusively, and while it does.
 *
 * @param begins first moment of its exclusivity
 * @param ends first moment past its exclusivity
 */
record ExclusiveGrant(Contract contract, Instant begins, Instant ends) {
    ExclusiveGrant {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(begins);
        Objects.requireNonNull(ends);
    }
}
