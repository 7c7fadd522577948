package org.tallystick.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tallystick.bench.sim.Violation;
import org.tallystick.protocol.codec.Seeds;

final class FuzzTest {
    private static final int TIMES = 100_000;

    @TestFactory
    List<DynamicTest> everyDecoderReadsOrRefuses() {
        return Decoders.all().stream()
                .map(decoder -> DynamicTest.dynamicTest(
                        decoder.name(),
                        () -> Seeds.check(
                                1,
                                random -> assertThat(Fuzz.row(decoder, random, TIMES))
                                        .isBetween(1, TIMES - 1))))
                .toList();
    }

    @Test
    void everyExampleIsValid() {
        assertThat(Decoders.all())
                .hasSizeGreaterThan(15)
                .allSatisfy(decoder ->
                        decoder.examples().forEach(example -> decoder.read().read(example.clone())));
    }

    @Test
    void aDecoderThatThrowsSomethingElseIsFoundWithItsInput() {
        Decoder careless = new Decoder("careless thing", List.of(new byte[] {1, 2, 3, 4}), in -> {
            if (in.length > 2 && in[1] == 0x7f) {
                throw new ArrayIndexOutOfBoundsException("4 of 3");
            }
        });

        assertThatThrownBy(() -> Fuzz.row(careless, new SplittableRandom(1), TIMES))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("careless thing")
                .hasMessageContaining("7f")
                .hasMessageContaining("4 of 3");
    }
}
