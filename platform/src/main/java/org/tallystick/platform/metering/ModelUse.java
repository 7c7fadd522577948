package org.tallystick.platform.metering;

import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;

/**
 * What was used for a model under one contract: a model inherits the terms of every contract it has one of.
 *
 * @param uses how many, at least one; a work counts once in each job and scope
 */
public record ModelUse(ContractId contract, long uses) {
    public ModelUse {
        Objects.requireNonNull(contract);
        if (uses < 1) {
            throw new IllegalArgumentException("a model without a use under contract " + contract);
        }
    }
}
