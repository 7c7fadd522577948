package org.tallystick.platform.rating;

import java.math.BigDecimal;
import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Rational;
import org.tallystick.protocol.statement.Statement;

/**
 * What one payee earns by one usage set or one flat price, and how it comes to that: price x (1 - fee) x share x uses,
 * or for a flat price x uses / of.
 *
 * @param basis why this payee: as the creator of the works, or as a recipient the contract names
 * @param uses distinct works; for a flat price the works that make up the payee's part
 * @param of all works of the dataset version for a flat price, else 0
 * @param unitPrice of one use, or of the contract, in major units
 * @param fee the platform's share, taken first
 * @param share the payee's share of the rest
 * @param exact in major units, never rounded
 */
public record Amount(
        PartyId payee,
        Statement.Basis basis,
        long uses,
        long of,
        BigDecimal unitPrice,
        BigDecimal fee,
        BigDecimal share,
        Rational exact) {
    public Amount {
        Objects.requireNonNull(payee);
        Objects.requireNonNull(basis);
        Objects.requireNonNull(exact);
        if (uses < 1 || of < 0 || (of > 0 && uses > of)) {
            throw new IllegalArgumentException("no such part: " + uses + " of " + of);
        }
    }

    /** How the amount comes about, in words. */
    public String reason() {
        String what = of == 0
                ? uses + (uses == 1 ? " use" : " uses") + " at " + unitPrice.toPlainString()
                : uses + " of " + of + " works of a flat " + unitPrice.toPlainString();
        String less = fee.signum() == 0 ? "" : ", less a fee of " + fee.toPlainString();
        String as = basis == Statement.Basis.CREATOR ? " as creator" : " as recipient";
        return what + less + ", share " + share.toPlainString() + as;
    }
}
