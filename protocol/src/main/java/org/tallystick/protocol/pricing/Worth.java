package org.tallystick.protocol.pricing;

import java.math.BigDecimal;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The factors one line of a statement is made of, and what they come to: the price, times what the fee leaves of it, times
 * the payee's share of that, times the uses; under a flat price times the part {@code uses / of} instead, rounded down
 * to whole e. Rater, close and verifier all compute an amount here and nowhere else.
 *
 * @param price of one use, or of the whole contract where it is flat; in major units, from 0 to below 10<sup>12</sup>,
 *     at most 12 decimals
 * @param fee what the platform keeps of the price, from 0 to 1, at most 12 decimals
 * @param share the payee's share of what the fee leaves, from 0 to 1, at most 12 decimals
 * @param uses distinct works used; under a flat price the works that make up the payee's part; from 1 to below
 *     2<sup>53</sup>
 * @param of under a flat price all works that share it, at least {@code uses} and below 2<sup>53</sup>; else 0
 */
public record Worth(BigDecimal price, BigDecimal fee, BigDecimal share, long uses, long of) {
    private static final int MAX_DECIMALS = 12;
    private static final BigDecimal PRICE_BOUND = BigDecimal.TEN.pow(12);
    private static final long COUNT_BOUND = 1L << 53;

    /** @throws MalformedException {@code statement/factor} or, for the counts, {@code statement/line} */
    public Worth {
        require(price, "price", price.compareTo(PRICE_BOUND) < 0);
        require(fee, "fee", fee.compareTo(BigDecimal.ONE) <= 0);
        require(share, "share", share.compareTo(BigDecimal.ONE) <= 0);
        if (uses < 1 || uses >= COUNT_BOUND || of < 0 || of >= COUNT_BOUND || (of > 0 && uses > of)) {
            throw new MalformedException(
                    "statement/line", "a line counts at least one work and at most all: " + uses + " of " + of);
        }
    }

    private static void require(BigDecimal factor, String name, boolean within) {
        if (!within || factor.signum() < 0 || factor.scale() > MAX_DECIMALS) {
            throw new MalformedException(
                    "statement/factor", name + " " + factor.toPlainString() + " is out of range or too fine");
        }
    }

    /** Whether it is a part of a flat price. */
    public boolean isFlat() {
        return of > 0;
    }

    /** What one use, or the whole of a flat price, brings the payee: at most 36 decimals, so exact in e. */
    BigDecimal unit() {
        return price.multiply(BigDecimal.ONE.subtract(fee)).multiply(share);
    }

    /** The amount: exact per use, rounded down to whole e for a part of a flat price. */
    public Exact exact() {
        return isFlat() ? Exact.of(unit()).part(uses, of) : Exact.of(unit().multiply(BigDecimal.valueOf(uses)));
    }
}
