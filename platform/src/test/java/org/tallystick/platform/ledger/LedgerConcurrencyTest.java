package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;

/** Many posters at once, all of them on one hot account. */
class LedgerConcurrencyTest {
    private static final Ledger LEDGER = new Ledger();
    private static final Database DB = TestDatabase.fresh();
    private static final Currency USD = Currency.of("USD");
    private static final int POSTERS = 5;

    @BeforeEach
    void accounts() {
        DB.write(h -> {
            LEDGER.empty(h);
            LEDGER.open(h, new AccountSpec("bank", USD, AccountKind.MAY_GO_NEGATIVE));
            LEDGER.open(h, new AccountSpec("hot", USD, AccountKind.NEVER_NEGATIVE));
            for (int i = 0; i < 20; i++) {
                LEDGER.open(h, new AccountSpec("p:" + i, USD, AccountKind.NEVER_NEGATIVE));
            }
            return 0;
        });
    }

    private static <T> List<T> together(Callable<T> task) throws Exception {
        CountDownLatch start = new CountDownLatch(POSTERS);
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(POSTERS)) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < POSTERS; i++) {
                futures.add(executor.submit(() -> {
                    start.countDown();
                    start.await();
                    return task.call();
                }));
            }
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
        }
        return results;
    }

    private static Money balance(String account) {
        return DB.read(h -> LEDGER.balance(h, account)).orElseThrow();
    }

    private static void sound() {
        assertThat(DB.<List<Difference>>read(LEDGER::check)).isEmpty();
        assertThat(DB.<List<TrialBalance>>read(LEDGER::trialBalance)).allMatch(TrialBalance::isBalanced);
    }

    @Test
    void noMoreIsSpentThanThereIs() throws Exception {
        DB.write(h -> LEDGER.post(h, LedgerScript.group("fund: f bank -> hot 100 USD")));
        AtomicInteger next = new AtomicInteger();
        List<Integer> posted = together(() -> {
            int count = 0;
            for (int i = 0; i < 40; i++) {
                int n = next.incrementAndGet();
                String text = "g" + n + ": t" + n + " hot -> p:" + n % 20 + " 1 USD";
                if (DB.write(h -> LEDGER.post(h, LedgerScript.group(text))) instanceof PostOutcome.Posted) {
                    count++;
                }
            }
            return count;
        });
        assertThat(posted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        assertThat(balance("hot").isZero()).isTrue();
        sound();
    }

    @Test
    void theSameGroupFromEveryoneIsPostedOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            String text = "g" + round + ": t" + round + " bank -> hot 1 USD";
            List<String> outcomes =
                    together(() -> LedgerScript.show(DB.write(h -> LEDGER.post(h, LedgerScript.group(text)))));
            assertThat(outcomes).containsOnlyOnce("posted");
            assertThat(Collections.frequency(outcomes, "repeated")).isEqualTo(POSTERS - 1);
        }
        assertThat(balance("hot")).isEqualTo(Money.ofMajor(USD, 20));
        sound();
    }

    /** No common account to wait on: the race is decided by the unique index. */
    @Test
    void oneIdWithDifferentContentsOnDifferentAccountsIsPostedOnce() throws Exception {
        AtomicInteger next = new AtomicInteger();
        DB.write(h -> {
            for (int i = 0; i < 200; i++) {
                LEDGER.open(h, new AccountSpec("bank:" + i, USD, AccountKind.MAY_GO_NEGATIVE));
            }
            return 0;
        });
        for (int round = 0; round < 20; round++) {
            String group = "g" + round;
            String transfer = "t" + round;
            List<String> outcomes = together(() -> {
                int n = next.getAndIncrement();
                String id =
                        n % 2 == 0 ? group : group + "-" + n; // the group's id, or only the transfer's, is contested
                PostingGroup contested = LedgerScript.group(
                        id + ": " + transfer + " bank:" + n % 100 + " -> bank:" + (100 + n % 100) + " 1 USD");
                return LedgerScript.show(DB.write(h -> LEDGER.post(h, contested)));
            });
            assertThat(outcomes)
                    .containsOnlyOnce("posted")
                    .allMatch(o -> o.equals("posted")
                            || o.equals("refused CONFLICTING_REPEAT")
                            || o.equals("refused TRANSFER_ID_TAKEN"));
        }
        sound();
    }

    @Test
    void crossingBatchesNeitherDeadlockNorLoseMoney() throws Exception {
        DB.write(h -> {
            for (int i = 0; i < 20; i++) {
                LEDGER.post(h, LedgerScript.group("fund" + i + ": f" + i + " bank -> p:" + i + " 10 USD"));
            }
            return 0;
        });
        AtomicInteger next = new AtomicInteger();
        together(() -> {
            RandomGenerator random =
                    RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(next.incrementAndGet());
            for (int batch = 0; batch < 10; batch++) {
                List<PostingGroup> groups = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    int n = next.incrementAndGet();
                    int from = random.nextInt(20);
                    int to = (from + random.nextInt(1, 20)) % 20;
                    groups.add(LedgerScript.group("g" + n + ": a" + n + " p:" + from + " -> p:" + to + " 3 USD; b" + n
                            + " p:" + to + " -> hot 0.01 USD"));
                }
                DB.write(h -> LEDGER.post(h, groups));
            }
            return 0;
        });
        Money sum = balance("hot");
        for (int i = 0; i < 20; i++) {
            sum = sum.plus(balance("p:" + i));
        }
        assertThat(sum).isEqualTo(Money.ofMajor(USD, 200));
        sound();
    }

    /** Whoever locks rows in an order of his own can deadlock with us: one of both is told to come again. */
    @Test
    void aDeadlockIsUnavailableAndRepeatingHelps() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        AtomicInteger next = new AtomicInteger();
        List<Boolean> deadlocked = together(() -> {
            int n = next.incrementAndGet();
            if (n > 2) {
                return false;
            }
            List<PostingGroup> groups =
                    List.of(LedgerScript.group("g" + n + ": t" + n + " bank -> p:" + (3 - n) + " 1 USD"));
            boolean lost = false;
            while (true) {
                try {
                    DB.write(h -> {
                        h.execute("select id from ledger.account where name = 'p:" + n + "' for no key update");
                        both.countDown();
                        try {
                            both.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return LEDGER.post(h, groups);
                    });
                    return lost;
                } catch (UnavailableException e) {
                    assertThat(e.mayHaveCommitted()).isFalse();
                    lost = true;
                }
            }
        });
        assertThat(deadlocked).contains(true); // whoever repeats at once may meet the other again
        sound();
    }

    @Test
    void aReaderSeesWholeGroupsOnly() throws Exception {
        AtomicInteger next = new AtomicInteger();
        together(() -> {
            for (int i = 0; i < 20; i++) {
                int n = next.incrementAndGet();
                DB.write(h -> LEDGER.post(
                        h,
                        LedgerScript.group("g" + n + ": a" + n + " bank -> hot 1 USD; b" + n + " hot -> p:1 1 USD")));
                List<TrialBalance> trial = DB.read(LEDGER::trialBalance);
                assertThat(trial).hasSize(1).allMatch(TrialBalance::isBalanced);
                assertThat(balance("hot").isZero()).isTrue();
            }
            return 0;
        });
        sound();
    }

    /** Whoever has read up to an entry never finds one before it later. */
    @Test
    void aListingOnlyGrowsAtItsEnd() throws Exception {
        AtomicInteger next = new AtomicInteger();
        together(() -> {
            List<Entry> seen = List.of();
            for (int i = 0; i < 30; i++) {
                int n = next.incrementAndGet();
                DB.write(h -> LEDGER.post(h, LedgerScript.group("g" + n + ": t" + n + " bank -> hot 1 USD")));
                List<Entry> now = DB.read(h -> LEDGER.entries(h, "hot", Optional.empty(), 1000))
                        .items();
                assertThat(now.subList(0, seen.size())).isEqualTo(seen);
                seen = now;
            }
            return 0;
        });
    }
}
