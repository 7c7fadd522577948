package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.metering.fold.Bitmaps64;
import org.tallystick.platform.metering.fold.Bucket;
import org.tallystick.platform.metering.fold.CountPlanes;
import org.tallystick.platform.metering.fold.Counters;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.GrantIndex;
import org.tallystick.platform.metering.fold.IndexedGrant;
import org.tallystick.platform.metering.fold.Ordinals;
import org.tallystick.platform.metering.fold.Positions;
import org.tallystick.platform.metering.fold.Ranges;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Seeds;

/** What sets are made of, each part against the plainest collection that does the same. */
class SetPartsTest {
    @Test
    void rangesAreASetOfNumbers() {
        Seeds.check(200, random -> {
            Ranges ranges = new Ranges();
            Set<Long> plain = new TreeSet<>();
            for (int i = 0; i < 40; i++) {
                long first = 1 + random.nextLong(200);
                long last = first + random.nextLong(10);
                ranges.add(first, last);
                for (long n = first; n <= last; n++) {
                    plain.add(n);
                }
            }
            Ranges read = Ranges.decode(ranges.encode());
            for (long n = 0; n < 215; n++) {
                assertThat(ranges.contains(n)).isEqualTo(plain.contains(n));
                assertThat(read.contains(n)).isEqualTo(plain.contains(n));
            }
            long from = random.nextLong(215);
            long to = from + random.nextLong(10);
            boolean any = plain.stream().anyMatch(n -> from <= n && n <= to);
            assertThat(ranges.intersects(from, to)).isEqualTo(any);
            long runs = plain.stream().filter(n -> !plain.contains(n - 1)).count();
            assertThat(ranges.size()).as("neighbours are one range").isEqualTo((int) runs);
        });
        assertThatThrownBy(() -> new Ranges().add(3, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBucketCountsLikeAMapAndComesBackFromItsSavedForm() {
        Seeds.check(50, random -> {
            int works = 1 + random.nextInt(100);
            Bucket bucket = new Bucket(0, 10, works);
            Map<Integer, Integer> plain = new HashMap<>();
            int favourite = random.nextInt(works);
            for (int i = 0; i < 2_000; i++) {
                int ordinal = random.nextBoolean() ? favourite : random.nextInt(works);
                int count = plain.getOrDefault(ordinal, 0);
                if (count > 0 && random.nextInt(3) == 0) {
                    bucket.remove(ordinal, i);
                    plain.put(ordinal, count - 1);
                } else {
                    bucket.add(ordinal, i);
                    plain.put(ordinal, count + 1);
                }
                if (i % 500 == 499) {
                    CountPlanes saved = CountPlanes.decode(bucket.planes().encode());
                    bucket = Bucket.of(0, 10, saved, Bitmaps64.decode(Bitmaps64.encode(bucket.positions())));
                }
            }
            for (int ordinal = 0; ordinal < works; ordinal++) {
                int count = plain.getOrDefault(ordinal, 0);
                assertThat(bucket.count(ordinal)).isEqualTo(count);
                assertThat(bucket.members().contains(ordinal)).isEqualTo(count > 0);
            }
            assertThat(bucket.planes().members()).isEqualTo(bucket.members());
            assertThat(bucket.positions().getLongCardinality()).isEqualTo(2_000);
        });
        Bucket empty = new Bucket(0, 10, 3);
        assertThatThrownBy(() -> empty.remove(1, 5)).hasMessageContaining("no delivery");
        assertThatThrownBy(() -> empty.cut(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> empty.cut(10)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countersAddUpWhateverWayTheyAreAskedFor() {
        Seeds.check(50, random -> {
            int works = 1 + random.nextInt(400);
            Counters counters = new Counters(works);
            int[] plain = new int[works];
            for (int i = 0; i < 30; i++) {
                long[] members = new long[(works + 63) / 64];
                for (int ordinal = 0; ordinal < works; ordinal++) {
                    if (random.nextInt(3) == 0) {
                        members[ordinal / 64] |= 1L << ordinal;
                        plain[ordinal]++;
                    }
                }
                counters.addAll(members);
            }
            Counters read = Counters.of(CountPlanes.decode(counters.planes().encode()));
            int from = random.nextInt(works + 1);
            int to = from + random.nextInt(works + 1 - from);
            long sum = 0;
            for (int ordinal = from; ordinal < to; ordinal++) {
                assertThat(counters.get(ordinal)).isEqualTo(plain[ordinal]);
                sum += plain[ordinal];
            }
            assertThat(counters.sum(from, to)).isEqualTo(sum);
            assertThat(read.sum(from, to)).isEqualTo(sum);
        });
        Counters none = new Counters(65);
        assertThat(none.members().isEmpty()).isTrue();
        assertThat(none.planes().digits()).isEmpty();
        assertThatThrownBy(() -> none.remove(64)).hasMessageContaining("below zero");
    }

    @Test
    void positionsAreASetInWhateverOrderTheyCome() {
        Seeds.check(100, random -> {
            Positions positions = new Positions();
            Set<Long> plain = new TreeSet<>();
            long at = random.nextLong(1L << random.nextInt(40));
            for (int i = 0; i < 300; i++) {
                at += random.nextInt(20) == 0 ? random.nextLong(1L << random.nextInt(36)) : random.nextInt(3);
                long position = random.nextInt(50) == 0 ? random.nextLong(at + 1) : at;
                positions.add(position);
                plain.add(position);
                if (random.nextInt(60) == 0) {
                    assertThat(positions.all().toArray())
                            .containsExactly(plain.stream().mapToLong(p -> p).toArray());
                }
            }
            Positions copy = positions.copy();
            copy.add(at + 1);
            assertThat(copy.all().contains(at + 1)).isTrue();
            assertThat(positions.all().toArray())
                    .containsExactly(plain.stream().mapToLong(p -> p).toArray());
        });
    }

    @Test
    void ordinalsAndTokensAreFoundByValue() {
        Seeds.check(20, random -> {
            int size = random.nextInt(3_000);
            List<Hash> contents = new ArrayList<>();
            GrantIndex grants = new GrantIndex();
            for (int i = 0; i < size; i++) {
                Hash hash = Hash.of(Seeds.bytes(random, 32));
                contents.add(hash);
                if (i % 2 == 0) {
                    grants.put(hash.word0(), hash.word1(), hash.word2(), indexed(i));
                } else {
                    grants.putUnknown(hash.word0(), hash.word1(), hash.word2());
                }
            }
            Ordinals ordinals =
                    Ordinals.of(contents.stream().map(RandomDeliveries::work).toList());
            for (int i = 0; i < size; i++) {
                Hash hash = contents.get(i);
                assertThat(ordinals.find(hash)).isEqualTo(i);
                assertThat(ordinals.content(i)).isEqualTo(hash);
                int found = grants.find(hash.word0(), hash.word1(), hash.word2());
                assertThat(found == GrantIndex.UNKNOWN).isEqualTo(i % 2 == 1);
                if (i % 2 == 0) {
                    assertThat(grants.get(found).position()).isEqualTo(i);
                }
                Hash near = new Hash(hash.word0(), hash.word1(), hash.word2(), ~hash.word3());
                assertThat(ordinals.find(near)).isEqualTo(Ordinals.ABSENT);
                assertThat(ordinals.isAt(i, near.word0(), near.word1(), near.word2(), near.word3()))
                        .isFalse();
                assertThat(ordinals.guess(hash.word0(), hash.word1())).isBetween(0, size - 1);
                assertThat(grants.find(hash.word0(), hash.word1(), ~hash.word2()))
                        .isEqualTo(GrantIndex.NONE);
            }
            grants.forgetUnknown();
            for (Hash hash : contents) {
                assertThat(grants.find(hash.word0(), hash.word1(), hash.word2()))
                        .isEqualTo(size > 1 ? GrantIndex.NONE : grants.find(hash.word0(), hash.word1(), hash.word2()));
            }
        });
        Hash twice = Hash.of(new byte[32]);
        assertThatThrownBy(() -> Ordinals.of(List.of(RandomDeliveries.work(twice), RandomDeliveries.work(twice))))
                .hasMessageContaining("twice");
    }

    private static IndexedGrant indexed(long position) {
        FoldedSet none = new FoldedSet(
                new UsageKey(
                        new org.tallystick.platform.kernel.ContractId("c"),
                        new org.tallystick.platform.kernel.JobId("j"),
                        org.tallystick.protocol.receipt.Scope.TRAINING),
                Hash.of(new byte[32]),
                0,
                List.of(),
                new TreeSet<>());
        return new IndexedGrant(none, Ordinals.of(List.of()), 1, 0, 1, position);
    }
}
