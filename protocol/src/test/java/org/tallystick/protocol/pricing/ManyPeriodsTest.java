package org.tallystick.protocol.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Seeds;

/** A pool shared anew in 10 000 periods, each by weights of its own: what a sum of fractions does not survive. */
class ManyPeriodsTest {
    private static final int PERIODS = 10_000;

    @Test
    void aPoolOfManyPeriodsStaysSmallAndNeverPaysMoreThanItHolds() {
        Seeds.check(2, random -> {
            int payees = 2 + random.nextInt(4);
            Exact[] due = new Exact[payees];
            long[] posted = new long[payees];
            java.util.Arrays.fill(due, Exact.ZERO);
            Exact pools = Exact.ZERO;
            for (int period = 1; period <= PERIODS; period++) {
                Exact pool = Exact.of(BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), 6));
                share(pool, weights(random, payees), due);
                pools = pools.plus(pool);
                post(due, posted);
                Exact lost = pools;
                for (Exact each : due) {
                    lost = lost.minus(each);
                }
                assertThat(lost.e())
                        .as("less than one e a division")
                        .isBetween(BigInteger.ZERO, BigInteger.valueOf((long) period * payees - 1));
            }
            for (Exact each : due) {
                assertThat(each.e().bitLength()).as("bits of state").isLessThan(200);
                assertThat(each.toString().length()).as("characters of state").isLessThan(64);
            }
            assertThat(pools.floorMicros().subtract(sum(posted)))
                    .as("micros in the residue")
                    .isBetween(BigInteger.ZERO, BigInteger.valueOf(payees));
        });
    }

    private static BigInteger[] weights(SplittableRandom random, int payees) {
        BigInteger[] weights = new BigInteger[payees];
        for (int i = 0; i < payees; i++) {
            weights[i] = BigInteger.valueOf(random.nextLong(1L << 53));
        }
        weights[random.nextInt(payees)] = BigInteger.ONE;
        return weights;
    }

    /** Adds each payee's part; each is checked from its three numbers alone, as a payee's verifier does. */
    private static void share(Exact pool, BigInteger[] weights, Exact[] due) {
        BigInteger whole = BigInteger.ZERO;
        for (BigInteger weight : weights) {
            whole = whole.add(weight);
        }
        Exact shared = Exact.ZERO;
        for (int i = 0; i < weights.length; i++) {
            Exact part = pool.part(weights[i], whole);
            BigInteger lost = pool.e().multiply(weights[i]).subtract(part.e().multiply(whole));
            assertThat(lost.signum() >= 0 && lost.compareTo(whole) < 0)
                    .as("drift below one e")
                    .isTrue();
            due[i] = due[i].plus(part);
            shared = shared.plus(part);
        }
        assertThat(shared).isLessThanOrEqualTo(pool);
    }

    private static void post(Exact[] due, long[] posted) {
        for (int i = 0; i < due.length; i++) {
            long now = due[i].floorMicros().longValueExact();
            assertThat(now).as("nothing is taken back").isGreaterThanOrEqualTo(posted[i]);
            posted[i] = now;
        }
    }

    private static BigInteger sum(long[] micros) {
        BigInteger sum = BigInteger.ZERO;
        for (long each : micros) {
            sum = sum.add(BigInteger.valueOf(each));
        }
        return sum;
    }
}
