package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;

/** Free bytes are a fixed set: what is covered is what a plain set of bytes says. */
class FreeRangesTest {
    private static FreeRanges read(String ranges) {
        Json.Obj object = Json.parseObject(("{\"free_ranges\":" + ranges + "}").getBytes(StandardCharsets.UTF_8));
        return FreeRanges.read(Fields.of(object, "member"), "free_ranges");
    }

    @Test
    void whatIsCoveredIsWhatASetOfBytesSays() {
        Seeds.check(500, random -> {
            BitSet plain = new BitSet();
            List<FreeRanges.Range> ranges = new ArrayList<>();
            int at = 0;
            while (at < 60 && ranges.size() < 5) {
                int from = at + random.nextInt(20);
                int to = from + 1 + random.nextInt(10);
                ranges.add(new FreeRanges.Range(from, to));
                plain.set(from, to);
                at = to;
            }
            FreeRanges free = new FreeRanges(ranges);
            assertThat(free.bytes()).isEqualTo(plain.cardinality());
            int from = random.nextInt(80);
            int bytes = random.nextInt(20);
            assertThat(free.covers(from, bytes))
                    .as("%s %d %d", ranges, from, bytes)
                    .isEqualTo(bytes > 0 && plain.nextClearBit(from) >= from + bytes);
        });
    }

    @Test
    void itIsReadAndWrittenBackAndNoneIsLeftOut() {
        FreeRanges free = read("[{\"from\":0,\"to\":4},{\"from\":4,\"to\":9}]");
        assertThat(FreeRanges.read(
                        Fields.of(
                                Json.object()
                                        .put("free_ranges", free.json().orElseThrow())
                                        .build(),
                                "m"),
                        "free_ranges"))
                .isEqualTo(free);
        assertThat(FreeRanges.NONE.json()).isEmpty();
        assertThat(free.covers(2, 6)).isTrue();
        free.checkWithin(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                       | free-ranges/empty",
                "[{\"from\":4,\"to\":4}]                  | free-ranges/range",
                "[{\"from\":4,\"to\":9},{\"from\":8,\"to\":10}] | free-ranges/order",
                "[{\"from\":4,\"to\":9},{\"from\":1,\"to\":2}]  | free-ranges/order",
                "[{\"from\":-1,\"to\":9}]                 | json/number-out-of-range",
                "[{\"from\":0,\"to\":9,\"for\":1}]        | json/unknown-member"
            })
    void whatIsNoSetOfBytesIsRefused(String ranges, String reason) {
        assertThatThrownBy(() -> read(ranges))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThatThrownBy(() -> read("[{\"from\":0,\"to\":9}]").checkWithin(8))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("free-ranges/beyond"));
    }

    @Test
    void rangesAreShownToPeopleWithTheirLastByte() {
        assertThat(FreeRanges.NONE.words()).isEqualTo("no bytes");
        assertThat(new FreeRanges(List.of(new FreeRanges.Range(0, 100), new FreeRanges.Range(500, 600))).words())
                .isEqualTo("bytes 0-99, 500-599");
    }
}
