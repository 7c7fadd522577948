package org.tallystick.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The market a close is measured on has the size that was asked for. */
class CloseScaleTest {
    private static final int LEAVES = 1_024;

    @ParameterizedTest
    @CsvSource({"100000000, 100000, 1000, 20, 50000", "1000000, 1000, 100, 2, 5000", "400, 30, 1, 1, 200"})
    void usesComeOut(long uses, int creators, int contracts, int versions, int works) {
        CloseScale scale = new CloseScale(uses, creators, contracts, LEAVES);
        assertThat(scale.versions()).isEqualTo(versions);
        assertThat(scale.works()).isEqualTo(works);
        assertThat(scale.distinct()).isEqualTo(uses);
        assertThat(scale.deliveries()).isEqualTo(uses + uses / 10);
        assertThat(scale.versionOf(contracts - 1)).isEqualTo(versions - 1);
    }

    @Test
    void everyCreatorHasAWorkAndNoOtherHas() {
        CloseScale scale = new CloseScale(2_000_000, 3_000, 300, LEAVES);
        Set<Integer> creators = new HashSet<>();
        for (int version = 0; version < scale.versions(); version++) {
            for (int work = 0; work < scale.works(); work++) {
                creators.add(scale.creatorOf(version, work));
            }
        }
        assertThat(creators).hasSize(3_000).allMatch(creator -> creator >= 0 && creator < 3_000);
    }

    @Test
    void aBuyerComesByEveryWorkOnce() {
        CloseScale scale = new CloseScale(2_000, 10, 2, LEAVES);
        Set<Long> works = new HashSet<>();
        for (long use = 0; use < scale.works(); use++) {
            works.add(use * scale.stride() % scale.works());
        }
        assertThat(works).hasSize(scale.works());
    }

    @Test
    void tooFewUsesForTheCreatorsAreRefused() {
        assertThatThrownBy(() -> new CloseScale(1_000, 1_000, 10, LEAVES)).hasMessageContaining("fewer --creators");
        assertThatThrownBy(() -> new CloseScale(0, 1, 1, LEAVES)).hasMessageContaining("nothing to close");
    }
}
