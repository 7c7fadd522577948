package org.tallystick.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OptionsTest {
    private static final Set<String> KNOWN = Set.of("--uses");

    @Test
    void benchesSizesAndFormInAnyOrder() {
        Options options = Options.parse(List.of("--uses", "100", "meter", "--json", "edge"), KNOWN);

        assertThat(options.benches()).containsExactly("meter", "edge");
        assertThat(options.size("--uses", 7)).isEqualTo(100);
        assertThat(options.size("--creators", 7)).isEqualTo(7);
        assertThat(options.json()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --uses          | --uses takes a whole number
            --uses x        | --uses takes a whole number
            --uses 0        | --uses takes a whole number
            --uses -3       | --uses takes a whole number
            --users 3       | there is no option --users
            """)
    void whatIsNotUnderstoodIsNamed(String words, String why) {
        assertThatThrownBy(() -> Options.parse(List.of(words.split(" ")), KNOWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }
}
