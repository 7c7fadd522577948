package org.tallystick.platform.settlement.escrow;

import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Money;

/**
 * Money received for a contract.
 *
 * @param reference the payment's own, for example a bank's end-to-end id; names the payment for ever
 * @param funded what came in
 * @param balance what is in escrow now
 */
public record Funding(ContractId contract, String reference, Money funded, Money balance) {
    public Funding {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(reference);
        Objects.requireNonNull(funded);
        Objects.requireNonNull(balance);
    }
}
