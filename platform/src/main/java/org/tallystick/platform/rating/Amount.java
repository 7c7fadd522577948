package org.tallystick.platform.rating;

import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.statement.Statement;

/**
 * What one payee earns by one usage set or one flat price.
 *
 * @param basis why this payee: as the creator of the works, or as a recipient the contract names
 * @param worth the factors the amount is made of
 * @param exact what the factors come to, in e of the contract's currency
 */
public record Amount(PartyId payee, Statement.Basis basis, Worth worth, Exact exact) {
    public Amount {
        Objects.requireNonNull(payee);
        Objects.requireNonNull(basis);
        Objects.requireNonNull(worth);
        Objects.requireNonNull(exact);
    }

    static Amount of(PartyId payee, Statement.Basis basis, Worth worth) {
        return new Amount(payee, basis, worth, worth.exact());
    }

    /** How the amount comes about, in words. */
    public String reason() {
        long uses = worth.uses();
        String price = worth.price().toPlainString();
        String what = worth.isFlat()
                ? uses + " of " + worth.of() + " works of a flat " + price
                : uses + (uses == 1 ? " use" : " uses") + " at " + price;
        String less = worth.fee().signum() == 0
                ? ""
                : ", less a fee of " + worth.fee().toPlainString();
        String as = basis == Statement.Basis.CREATOR ? " as creator" : " as recipient";
        return what + less + ", share " + worth.share().toPlainString() + as;
    }
}
