package org.tallystick.platform.settlement.escrow;

import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/**
 * The log entry by which an operator guarantees for a buyer: up to the limit, what escrow does not cover is paid to payees
 * all the same, and the buyer owes it. A later one for the same contract takes its place.
 *
 * @param limit not below zero; zero ends the guarantee
 */
public record CreditEntry(ContractId contract, Money limit, PartyId by) {
    public static final String TYPE = "credit-granted";

    public CreditEntry {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(limit);
        Objects.requireNonNull(by);
    }

    public Draft draft() {
        return Draft.document(
                TYPE,
                Json.object()
                        .put("contract", contract.value())
                        .put("limit", limit.toDecimal())
                        .put("currency", limit.currency().code())
                        .put("by", by.value())
                        .build());
    }

    public static CreditEntry of(Fields body) {
        return new CreditEntry(
                new ContractId(body.text("contract")),
                Money.parse(Currency.of(body.text("currency")), body.text("limit")),
                new PartyId(body.text("by")));
    }
}
