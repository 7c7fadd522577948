package org.tallystick.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FigureTest {
    @Test
    void theMedianStandsForTheRunsAndTheRatioForTheYardstick() {
        Figure figure = new Figure(
                        "intake",
                        List.of(300.0, 100.0, 200.0),
                        "receipts/s",
                        Optional.of(new Figure.Yardstick("other", 50)))
                .towards("1000000", "2000000");

        assertThat(figure.median()).isEqualTo(200);
        assertThat(figure.spread()).isEqualTo(1);
        assertThat(figure.json())
                .hasToString("{\"aim\":\"2000000\",\"name\":\"intake\",\"ratio\":4,\"reach\":\"1000000\",\"runs\":3,"
                        + "\"spread\":1,\"unit\":\"receipts/s\",\"value\":200,"
                        + "\"yardstick\":{\"name\":\"other\",\"value\":50}}");
        assertThat(figure.text()).contains("intake 200 receipts/s", "other 50, ratio 4.00", "reach 1000000");
    }

    @Test
    void betweenTwoMiddlesLiesTheirMean() {
        assertThat(new Figure("x", List.of(1.0, 2.0, 4.0, 9.0), "ms", Optional.empty()).median())
                .isEqualTo(3);
    }

    @Test
    void withoutAYardstickThatIsSaid() {
        assertThat(new Figure("x", List.of(1.5), "ms", Optional.empty()).text()).contains("no yardstick here");
    }

    @Test
    void aFigureNeedsARun() {
        assertThatThrownBy(() -> new Figure("x", List.of(), "ms", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
