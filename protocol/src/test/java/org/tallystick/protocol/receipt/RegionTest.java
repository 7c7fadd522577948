package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.IsoCodes;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;

class RegionTest {
    private static long members(String union) {
        return IsoCodes.COUNTRIES.stream()
                .filter(country -> new Region(union).includes(new Region(country)))
                .count();
    }

    @Test
    void unionsHaveTheirMembers() {
        assertThat(members("EU")).isEqualTo(27);
        assertThat(members("EEA")).isEqualTo(30);
    }

    @Test
    void aCountryIncludesItselfAlone() {
        for (String country : IsoCodes.COUNTRIES) {
            assertThat(members(country)).as(country).isEqualTo(1);
            assertThat(new Region(country).includes(new Region("EU")))
                    .as(country)
                    .isFalse();
        }
    }

    @Test
    void whatIsNoRegionIsRefused() {
        for (String code : List.of("", "eu", "XX", "EU ", "Europe", "DEU", "E\u00dc")) {
            assertThatThrownBy(() -> new Region(code))
                    .as(code)
                    .isInstanceOfSatisfying(
                            MalformedException.class,
                            e -> assertThat(e.reason()).isEqualTo("region/unknown"));
        }
    }

    @Test
    void anyTextIsARegionOrRefused() {
        Seeds.check(10_000, random -> {
            String code = "" + (char) random.nextInt(128) + (char) random.nextInt(128);
            if (Region.isKnown(code)) {
                assertThat(new Region(code)).hasToString(code);
            } else {
                assertThatThrownBy(() -> new Region(code)).isInstanceOf(MalformedException.class);
            }
        });
    }
}
