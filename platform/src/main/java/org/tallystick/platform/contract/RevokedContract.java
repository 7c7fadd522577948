package org.tallystick.platform.contract;

import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;

/** A revoked contract and the log position of its revocation, for edges that poll for what has ended. */
public record RevokedContract(ContractId contract, long position) {
    public RevokedContract {
        Objects.requireNonNull(contract);
    }
}
