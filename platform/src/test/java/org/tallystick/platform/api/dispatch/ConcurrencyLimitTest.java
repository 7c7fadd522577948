package org.tallystick.platform.api.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.kernel.RefusedException;

/** So many at once, the others in turn, and nobody for ever. */
class ConcurrencyLimitTest {
    private static final Answer DONE = Answer.empty(204);

    @Test
    void noMoreThanThePlacesAreInsideAndEveryoneComesIn() throws Exception {
        ConcurrencyLimit turnstile = new ConcurrencyLimit(3, Duration.ofMinutes(5));
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Answer>> all = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                all.add(pool.submit(() -> turnstile.pass(() -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    inside.decrementAndGet();
                    return DONE;
                })));
            }
            for (Future<Answer> one : all) {
                assertThat(one.get()).isEqualTo(DONE);
            }
        }
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void whoWaitsTooLongIsToldToAskAgain() throws Exception {
        ConcurrencyLimit turnstile = new ConcurrencyLimit(1, Duration.ofMillis(1));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> first = pool.submit(() -> turnstile.pass(() -> {
                entered.countDown();
                leave.await();
                return DONE;
            }));
            entered.await();
            assertThatThrownBy(() -> turnstile.pass(() -> DONE))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        Answer answer = Problems.answer(refused);
                        assertThat(answer.status()).isEqualTo(503);
                        assertThat(answer.headers()).containsEntry("Retry-After", "1");
                        assertThat(refused.problem().type()).isEqualTo("service/busy");
                    });
            leave.countDown();
            assertThat(first.get()).isEqualTo(DONE);
        }
        assertThat(turnstile.pass(() -> DONE)).isEqualTo(DONE);
    }

    @Test
    void whatFailsInsideLeavesToo() throws Exception {
        ConcurrencyLimit turnstile = new ConcurrencyLimit(1, Duration.ofMillis(1));
        assertThatThrownBy(() -> turnstile.pass(() -> {
                    throw new IllegalStateException("inside");
                }))
                .hasMessage("inside");
        assertThat(turnstile.pass(() -> DONE)).isEqualTo(DONE);
    }
}
