package org.tallystick.platform.metering.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.metering.MemoryLog;
import org.tallystick.platform.metering.Plain;
import org.tallystick.platform.metering.RandomDeliveries;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.Batch;

/** The meter is a union: whatever way receipts arrive, the sets are those a plain list gives. */
class FolderTest {
    private static final int CASES = 60;

    @Test
    void edgesThatShipAtTheirOwnPaceChangeNothing() {
        Seeds.check(CASES, random -> {
            RandomDeliveries deliveries = deliveries(random);
            MemoryLog log = deliveries.logOf(deliveries.interleaved());
            log.foldAfresh();
            agree(log, deliveries.plain());
        });
    }

    @Test
    void anyOrderRepetitionAndOtherBatchesChangeNothing() {
        Seeds.check(CASES, random -> {
            RandomDeliveries deliveries = deliveries(random);
            MemoryLog log = deliveries.logOf(deliveries.scattered());
            log.foldAfresh();
            agree(log, deliveries.plain());
        });
    }

    @Test
    void stoppingAnywhereAndGoingOnFromWhatWasSavedChangesNothing() {
        Seeds.check(CASES, random -> {
            RandomDeliveries deliveries = deliveries(random);
            List<Batch> batches = random.nextBoolean() ? deliveries.interleaved() : deliveries.scattered();
            MemoryLog log = deliveries.logOf(batches);
            Folder folder = new Folder(log);
            while (log.folded < batches.size()) {
                log.foldTo(Math.min(batches.size(), log.folded + 1 + random.nextInt(20)), folder);
                folder = random.nextBoolean() ? new Folder(log) : folder;
            }
            agree(log, deliveries.plain());
        });
    }

    @Test
    void cuttingAtAnyMomentChangesNothingButTheBuckets() {
        Seeds.check(CASES, random -> {
            RandomDeliveries deliveries = deliveries(random);
            List<Batch> batches = random.nextBoolean() ? deliveries.interleaved() : deliveries.scattered();
            MemoryLog log = deliveries.logOf(batches);
            Folder folder = new Folder(log);
            while (log.folded < batches.size()) {
                log.foldTo(Math.min(batches.size(), log.folded + 1 + random.nextInt(40)), folder);
                folder = random.nextInt(3) == 0 ? new Folder(log) : folder;
                if (random.nextInt(3) == 0) {
                    log.cut(RandomDeliveries.START.toEpochMilli() + random.nextLong(RandomDeliveries.SPAN), folder);
                }
            }
            agree(log, deliveries.plain());
        });
    }

    @Test
    void aWorkDeliveredMoreOftenThanAByteCountsComesBackExactly() {
        Seeds.check(3, random -> {
            RandomDeliveries deliveries = new RandomDeliveries(random, 2, 1, 4_000);
            MemoryLog log = deliveries.logOf(deliveries.interleaved());
            log.foldTo(log.batches.size() / 2, new Folder(log));
            log.foldAfresh();
            agree(log, deliveries.plain());
        });
    }

    private static RandomDeliveries deliveries(SplittableRandom random) {
        return new RandomDeliveries(random, 1 + random.nextInt(80), 1 + random.nextInt(5), 20 + random.nextInt(400));
    }

    /** Members, moments of first use and anomalies are those of the plain list. */
    static void agree(MemoryLog log, Plain plain) {
        assertThat(log.members()).isEqualTo(plain.sets());
        Map<UncountedReason, Integer> reasons = new TreeMap<>();
        log.anomalies.values().forEach(found -> found.forEach((reason, n) -> reasons.merge(reason, n, Integer::sum)));
        assertThat(reasons).isEqualTo(plain.anomalies());
        plain.firstUses().forEach((key, firsts) -> {
            Map<Integer, Long> found = new HashMap<>();
            Map<Long, Long> ends = Objects.requireNonNull(log.ends().get(key));
            Objects.requireNonNull(log.saved().get(key))
                    .forEach((start, planes) ->
                            planes.members().forEach((int ordinal) -> found.putIfAbsent(ordinal, start)));
            firsts.forEach((ordinal, time) -> {
                long start = Objects.requireNonNull(found.get(ordinal));
                assertThat(time).isBetween(start, Objects.requireNonNull(ends.get(start)) - 1);
            });
        });
        log.ends().values().forEach(FolderTest::neverOverlap);
        for (long cut : log.boundaries) {
            log.ends()
                    .values()
                    .forEach(rows -> rows.forEach(
                            (start, end) -> assertThat(start < cut && cut < end).isFalse()));
        }
    }

    private static void neverOverlap(Map<Long, Long> ends) {
        long last = 0;
        for (Map.Entry<Long, Long> row : new TreeMap<>(ends).entrySet()) {
            assertThat(row.getKey()).isGreaterThanOrEqualTo(last);
            last = row.getValue();
        }
    }
}
