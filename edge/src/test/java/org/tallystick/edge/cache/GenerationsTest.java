package org.tallystick.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenerationsTest {
    @Test
    void generationsHoldAtMostTwiceTheirCapacityAndKeepWhatIsUsed() {
        Generations<Integer, String> cache = new Generations<>(100);
        cache.put(-1, "kept");
        for (int i = 0; i < 10_000; i++) {
            int key = i;
            assertThat(cache.of(key, k -> "" + k)).isEqualTo("" + key);
            assertThat(cache.find(-1)).contains("kept");
            assertThat(cache.size()).isLessThanOrEqualTo(202);
        }
        assertThat(cache.find(5)).isEmpty();
    }
}
