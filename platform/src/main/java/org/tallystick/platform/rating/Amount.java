package org.tallystick.platform.rating;

import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Rational;
import org.tallystick.protocol.Scope;
import org.tallystick.protocol.Statement;

/**
 * What one payee is due for one reason, exact, with every factor it was made of.
 *
 * @param payee the party; empty for the platform's fee
 * @param basis why the payee is paid; {@link Statement.Basis#RECIPIENT} for the fee
 * @param job where the use was; empty for a flat price
 * @param scope of the use; {@link Scope#TRAINING} stands for a flat price, which covers all of the contract's scopes
 * @param works distinct works counted; for a flat price those that make up the part
 * @param of for a flat price all works of the dataset version, else 0
 * @param share the payee's share of what the fee leaves; for the fee, the fee's share of the price
 * @param exact the amount in the currency's major unit
 */
public record Amount(
        Optional<PartyId> payee,
        Statement.Basis basis,
        Optional<JobId> job,
        Scope scope,
        long works,
        long of,
        Rational share,
        Rational exact) {
    public Amount {
        Objects.requireNonNull(payee);
        Objects.requireNonNull(basis);
        Objects.requireNonNull(job);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(share);
        if (exact.signum() < 0) {
            throw new IllegalArgumentException("nobody is due less than nothing");
        }
    }

    /** The reason in words, for example {@code 600 works x 0.005 x 4/5}. */
    public String reason(String unitPrice) {
        String counted = of > 0 ? works + " of " + of + " works" : works + (works == 1 ? " work" : " works");
        return counted + " x " + unitPrice + " x " + share;
    }
}
