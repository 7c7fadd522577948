package org.tallystick.platform.metering.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Scope;

/** The fold's tables against plain lists: counts, ranges, positions, works and tokens, at the ends of their words. */
class FoldTablesTest {
    @ParameterizedTest
    @CsvSource({
        // ranges there are, range added, ranges after it
        "'',            5-7,   5-7",
        "5-7,           8-9,   5-9",
        "5-7,           9-9,   5-7 9-9",
        "5-7,           3-4,   3-7",
        "5-7,           2-3,   2-3 5-7",
        "1-3 5-7,       4-4,   1-7",
        "1-3 5-7 9-9,   2-8,   1-9",
        "1-3 5-7 9-9,   0-20,  0-20",
        "1-3 5-7,       6-6,   1-3 5-7",
        "1-1 3-3 5-5 7-7, 9-9, 1-1 3-3 5-5 7-7 9-9",
        "1-1 3-3 5-5 7-7, 5-5, 1-1 3-3 5-5 7-7",
        "3-3 5-5 7-7 9-9, 1-1, 1-1 3-3 5-5 7-7 9-9",
    })
    void aRangeJoinsWhatItTouches(String before, String added, String after) {
        Ranges ranges = new Ranges();
        for (String range : before.isEmpty() ? new String[0] : before.split(" ")) {
            ranges.add(first(range), last(range));
        }
        ranges.add(first(added), last(added));
        assertThat(shown(ranges)).isEqualTo(after);
        assertThat(ranges.size()).isEqualTo(after.split(" ").length);
        assertThat(shown(Ranges.decode(ranges.encode()))).isEqualTo(after);
        for (long number = -1; number < 25; number++) {
            long at = number;
            boolean in = Arrays.stream(after.split(" ")).anyMatch(r -> first(r) <= at && at <= last(r));
            assertThat(ranges.contains(at)).as("%s", at).isEqualTo(in);
        }
    }

    private static long first(String range) {
        return Long.parseLong(range.split("-")[0]);
    }

    private static long last(String range) {
        return Long.parseLong(range.split("-")[1]);
    }

    private static String shown(Ranges ranges) {
        ByteBuffer bytes = ByteBuffer.wrap(ranges.encode());
        List<String> all = new ArrayList<>();
        while (bytes.hasRemaining()) {
            all.add(bytes.getLong() + "-" + bytes.getLong());
        }
        return String.join(" ", all);
    }

    @Test
    void aRangeGoesForward() {
        assertThatThrownBy(() -> new Ranges().add(5, 4)).isInstanceOf(IllegalArgumentException.class);
        Ranges one = new Ranges();
        one.add(5, 5);
        assertThat(one.intersects(1, 4)).isFalse();
        assertThat(one.intersects(1, 5)).isTrue();
        assertThat(one.intersects(5, 9)).isTrue();
        assertThat(one.intersects(6, 9)).isFalse();
        assertThat(new Ranges().intersects(0, Long.MAX_VALUE)).isFalse();
    }

    /** Distances at which words and windows end, in steps forward and back. */
    @Test
    void positionsAreTheOnesAdded() {
        Seeds.check(60, random -> {
            long[] steps = {0, 1, 1, 1, 2, 62, 63, 64, 65, 255, 256, 32_703, 32_767, 32_768, 32_769, 100_000, -1, -64};
            Positions positions = new Positions();
            TreeSet<Long> plain = new TreeSet<>();
            long at = random.nextLong(3) * 64;
            for (int i = 0; i < 300; i++) {
                positions.add(at);
                plain.add(at);
                at = Math.max(0, at + steps[random.nextInt(steps.length)]);
                if (random.nextInt(50) == 0) {
                    assertThat(positions.all().stream().boxed().toList()).isEqualTo(List.copyOf(plain));
                }
            }
            Positions copy = positions.copy();
            copy.add(9_999_999);
            assertThat(positions.all().stream().boxed().toList()).isEqualTo(List.copyOf(plain));
            assertThat(copy.all().contains(9_999_999)).isTrue();
        });
    }

    @Test
    void wholeWordsOfPositionsStartWhereTheFirstDoes() {
        for (long from : new long[] {0, 1, 63, 64, 128, 1_000}) {
            Positions positions = new Positions();
            LongStream.range(from, from + 40_000).forEach(positions::add);
            assertThat(positions.all().getLongCardinality()).isEqualTo(40_000);
            assertThat(positions.all().contains(from) && positions.all().contains(from + 39_999))
                    .isTrue();
            assertThat(positions.footprint()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "63", "64", "65", "128", "200"})
    void countsAreThoseOfAPlainList(int works) {
        Seeds.check(5, random -> {
            Counters counters = new Counters(works);
            int[] plain = new int[works];
            for (int i = 0; i < 600; i++) {
                int work = random.nextInt(works);
                if (plain[work] > 0 && random.nextInt(4) == 0) {
                    counters.remove(work);
                    plain[work]--;
                } else {
                    counters.add(work);
                    plain[work]++;
                }
            }
            agree(counters, plain);
            agree(Counters.of(CountPlanes.decode(counters.planes().encode())), plain);
            long[] members = new long[(works + 63) / 64];
            counters.planes().orInto(members);
            counters.addAll(members);
            for (int work = 0; work < works; work++) {
                plain[work] += plain[work] > 0 ? 1 : 0;
            }
            agree(counters, plain);
        });
    }

    private static void agree(Counters counters, int[] plain) {
        assertThat(IntStream.range(0, plain.length).map(counters::get).toArray())
                .isEqualTo(plain);
        int[] members =
                IntStream.range(0, plain.length).filter(work -> plain[work] > 0).toArray();
        assertThat(counters.members().toArray()).isEqualTo(members);
        assertThat(counters.planes().members().toArray()).isEqualTo(members);
        for (int from = 0; from <= plain.length; from++) {
            for (int to : new int[] {0, from, from + 1, 63, 64, 65, 128, plain.length}) {
                if (to <= plain.length) {
                    long sum = from < to ? Arrays.stream(plain, from, to).sum() : 0;
                    assertThat(counters.sum(from, to)).as("%s to %s", from, to).isEqualTo(sum);
                }
            }
        }
    }

    @Test
    void aCountHas31DigitsAndIsNeverBelowZero() {
        List<RoaringBitmap> full = new ArrayList<>();
        IntStream.range(0, 31).forEach(digit -> full.add(RoaringBitmap.bitmapOf(2)));
        Counters counters = Counters.of(new CountPlanes(3, full));
        assertThat(counters.get(2)).isEqualTo(Integer.MAX_VALUE);
        assertThat(counters.sum(0, 3)).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> counters.add(2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Counters(3).remove(1)).isInstanceOf(IllegalStateException.class);
        assertThat(counters.footprint()).isEqualTo(31L * Long.BYTES);
        assertThat(counters.works()).isEqualTo(3);
    }

    /** The digits that nothing needs any more are not saved. */
    @Test
    void savedCountsHaveNoEmptyDigitAtTheirEnd() {
        Counters counters = new Counters(70);
        for (int i = 0; i < 4; i++) {
            counters.add(69);
        }
        assertThat(counters.planes().digits()).hasSize(3);
        counters.remove(69);
        assertThat(counters.planes().digits()).hasSize(2);
        CountPlanes planes = CountPlanes.decode(counters.planes().encode());
        assertThat(planes).isEqualTo(counters.planes());
        assertThat(planes.works()).isEqualTo(70);
        byte[] other = planes.encode();
        other[0]++;
        assertThatThrownBy(() -> CountPlanes.decode(other)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void bitmapsOf64BitsComeBack() {
        Roaring64NavigableMap bitmap = new Roaring64NavigableMap();
        LongStream.of(0, 1, 2, 1L << 33, Long.MAX_VALUE).forEach(bitmap::addLong);
        assertThat(Bitmaps64.decode(Bitmaps64.encode(bitmap))).isEqualTo(bitmap);
        bitmap.addRange(100, 200_000);
        assertThat(Bitmaps64.encode(bitmap)).as("a run takes little room").hasSizeLessThan(300);
    }

    /** Content ids whose first words are the same meet in one slot. */
    private static List<Hash> works(int count) {
        List<Hash> works = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Hash any = Sha256.hash(ByteBuffer.allocate(4).putInt(i).array());
            works.add(i % 3 == 0 ? new Hash(7, 7, i, any.word3()) : any);
        }
        return works;
    }

    private static Ordinals ordinals(List<Hash> works) {
        return Ordinals.of(works.stream()
                .map(work -> new MeteredWork(work, 1, FreeRanges.NONE))
                .toList());
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "7", "8", "9", "1000"})
    void aWorkIsFoundAtItsOrdinal(int count) {
        List<Hash> works = works(count + 2);
        Ordinals ordinals = ordinals(works.subList(0, count));
        assertThat(ordinals.size()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            Hash work = works.get(i);
            assertThat(ordinals.find(work)).isEqualTo(i);
            assertThat(ordinals.content(i)).isEqualTo(work);
            assertThat(ordinals.isAt(i, work.word0(), work.word1(), work.word2(), work.word3()))
                    .isTrue();
            assertThat(ordinals.isAt(i, work.word0() + 1, work.word1(), work.word2(), work.word3()))
                    .isFalse();
            assertThat(ordinals.isAt(i, work.word0(), work.word1() + 1, work.word2(), work.word3()))
                    .isFalse();
            assertThat(ordinals.isAt(i, work.word0(), work.word1(), work.word2() + 1, work.word3()))
                    .isFalse();
            assertThat(ordinals.isAt(i, work.word0(), work.word1(), work.word2(), work.word3() + 1))
                    .isFalse();
            assertThat(Hash.at(ordinals.contents(), 32 * i)).isEqualTo(work);
        }
        assertThat(ordinals.find(works.get(count))).isEqualTo(Ordinals.ABSENT);
        assertThat(ordinals.find(works.get(count + 1))).isEqualTo(Ordinals.ABSENT);
        assertThat(ordinals.contents()).hasSize(32 * count);
    }

    @Test
    void aGuessIsTheOrdinalWhereNothingLiesInItsWay() {
        Hash one = works(2).get(1);
        Ordinals ordinals = ordinals(List.of(one));
        assertThat(ordinals.guess(one.word0(), one.word1())).isZero();
        assertThat(Ordinals.of(List.of()).guess(1, 2)).isEqualTo(Ordinals.ABSENT);
        assertThatThrownBy(() -> ordinals(List.of(one, one))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenLeadsToItsGrantUntilUnknownOnesAreForgotten() {
        UsageKey key = new UsageKey(new ContractId("c1"), new JobId("job"), Scope.TRAINING);
        FoldedSet set = new FoldedSet(key, Hash.of(new byte[32]), 0, List.of(), new TreeSet<>());
        GrantIndex index = new GrantIndex();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            assertThat(index.find(i % 5, 7, i)).isEqualTo(GrantIndex.NONE);
            numbers.add(index.put(i % 5, 7, i, new IndexedGrant(set, Ordinals.of(List.of()), 1, i, i + 1, i)));
        }
        assertThat(Set.copyOf(numbers)).hasSize(500).doesNotContain(GrantIndex.NONE, GrantIndex.UNKNOWN);
        index.forgetUnknown();
        for (int i = 0; i < 500; i++) {
            assertThat(index.find(i % 5, 7, i)).as("nothing was unknown").isEqualTo(numbers.get(i));
            assertThat(index.get(numbers.get(i)).position()).isEqualTo(i);
            assertThat(index.find(i % 5 + 5, 7, i)).isEqualTo(GrantIndex.NONE);
            assertThat(index.find(i % 5, 8, i)).isEqualTo(GrantIndex.NONE);
        }
        assertThat(index.putUnknown(9, 9, 9)).isEqualTo(GrantIndex.UNKNOWN);
        assertThat(index.find(9, 9, 9)).isEqualTo(GrantIndex.UNKNOWN);
        index.forgetUnknown();
        assertThat(index.find(9, 9, 9)).isEqualTo(GrantIndex.NONE);
        assertThat(index.find(0, 7, 0)).isEqualTo(GrantIndex.NONE);
        assertThat(index.put(0, 7, 0, new IndexedGrant(set, Ordinals.of(List.of()), 1, 3, 4, 5)))
                .isEqualTo(index.find(0, 7, 0));
        assertThat(index.get(index.find(0, 7, 0)).notBefore()).isEqualTo(3);
    }

    @Test
    void reasonsHaveNamesAndSetsAnOrder() {
        for (UncountedReason reason : UncountedReason.values()) {
            assertThat(UncountedReason.ofSlug(reason.slug())).isEqualTo(reason);
            assertThat(reason.words()).isNotBlank();
        }
        assertThatThrownBy(() -> UncountedReason.ofSlug("other")).isInstanceOf(IllegalStateException.class);
        List<UsageKey> keys = new ArrayList<>();
        for (String contract : List.of("a", "b")) {
            for (String job : List.of("a", "b")) {
                for (Scope scope : List.of(Scope.TRAINING, Scope.EMBEDDING)) {
                    keys.add(new UsageKey(new ContractId(contract), new JobId(job), scope));
                }
            }
        }
        assertThat(keys.reversed().stream().sorted()).isEqualTo(keys);
        assertThat(keys.getFirst()).hasToString("a/a/training");
    }
}
