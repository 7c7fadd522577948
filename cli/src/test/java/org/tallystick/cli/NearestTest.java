package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guessing what a mistyped word was meant to be. */
final class NearestTest {
    @ParameterizedTest
    @CsvSource({"'','',0", "a,'',1", "'',ab,2", "demo,demo,0", "dmeo,demo,2", "verify,very,2", "kitten,sitting,3"})
    void distancesAreLevenshteins(String a, String b, int distance) {
        assertThat(Nearest.distance(a, b)).isEqualTo(distance);
        assertThat(Nearest.distance(b, a)).isEqualTo(distance);
    }

    @ParameterizedTest
    @CsvSource({"dmo,demo", "verfy,verify", "up,up", "xplain,explain"})
    void theNearestKnownWordIsFound(String typed, String meant) {
        assertThat(Nearest.of(typed, List.of("demo", "verify", "up", "explain")))
                .contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"settlement", "zzzzzzz"})
    void whatIsFarFromEverythingIsNotGuessed(String typed) {
        assertThat(Nearest.of(typed, List.of("demo", "verify", "up", "explain")))
                .isEmpty();
    }
}
