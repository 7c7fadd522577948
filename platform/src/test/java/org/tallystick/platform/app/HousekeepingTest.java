package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HousekeepingTest {
    @Test
    void aTurnThatFailsIsFollowedByTheNext() throws Exception {
        CountDownLatch turns = new CountDownLatch(3);
        Housekeeping house = new Housekeeping(
                "it stays undone",
                () -> {
                    turns.countDown();
                    if (turns.getCount() == 2) {
                        throw new IllegalStateException("the database is away");
                    }
                },
                Duration.ofMillis(1));

        assertThat(turns.await(10, TimeUnit.SECONDS)).isTrue();
        house.close();
    }

    @Test
    void closingIsTheLastTurn() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        Housekeeping house = new Housekeeping(
                "it stays undone",
                () -> {
                    first.countDown();
                    turns.incrementAndGet();
                },
                Duration.ofDays(1));
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();

        house.close();

        assertThat(turns).hasValue(2);
    }
}
