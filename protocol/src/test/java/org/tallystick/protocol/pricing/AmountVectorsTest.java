package org.tallystick.protocol.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Vectors;

/** {@code vectors/amount.json}, which was computed apart from this code. */
class AmountVectorsTest {
    @Test
    void factorsComeToTheAmountsOfTheVectors() {
        assertThat(Vectors.cases("amount.json")).hasSizeGreaterThan(5).allSatisfy(vector -> {
            Worth worth = new Worth(
                    decimal(vector, "price"),
                    decimal(vector, "fee"),
                    decimal(vector, "share"),
                    vector.integer("uses", 1, Long.MAX_VALUE),
                    vector.integer("of", 0, Long.MAX_VALUE));
            assertThat(worth.exact().e()).hasToString(vector.text("e"));
            assertThat(worth.exact().floorMicros()).hasToString(vector.text("micros"));
            for (Notation notation : Notation.values()) {
                StatedAmount amount = notation.worth(worth);
                String text = vector.text("v" + notation.version());
                assertThat(amount).hasToString(text).isEqualTo(notation.parse(text, "x"));
                assertThat(amount.toExact()).isEqualTo(worth.exact());
            }
        });
    }

    private static BigDecimal decimal(Fields vector, String name) {
        return new BigDecimal(vector.text(name));
    }
}
