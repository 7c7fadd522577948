package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.protocol.receipt.Region;

class EdgeConfigTest {
    private static EdgeConfig base() {
        return EdgeConfig.of(Path.of("data"), URI.create("http://platform.example:8080"), 3, "tsk_edge-3_secret");
    }

    @Test
    void theDefaultsAreThese() {
        EdgeConfig config = base();
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8090);
        assertThat(config.cacheBytes()).isEqualTo(10L << 30);
        assertThat(config.memoryBytes()).isEqualTo(256L << 20);
        assertThat(config.spoolBytes()).isEqualTo(1L << 30);
        assertThat(config.segmentBytes()).isEqualTo(8 << 20);
        assertThat(config.reservationBlock()).isEqualTo(65_536);
        assertThat(config.maxBatchLeaves()).isEqualTo(1024);
        assertThat(config.maxPending()).isEqualTo(16_384);
        assertThat(config.maxConnections()).isEqualTo(8192);
        assertThat(config.eventLoops()).isBetween(1, 16);
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.retryMin()).isEqualTo(Duration.ofMillis(100));
        assertThat(config.retryMax()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.signatures()).isEqualTo(Signatures.AUTO);
    }

    @Test
    void everySettingIsSetByItsName() {
        EdgeConfig config = base().with(Map.ofEntries(
                Map.entry("host", "0.0.0.0"),
                Map.entry("port", "81"),
                Map.entry("dataDir", "elsewhere"),
                Map.entry("platform", "https://p.example"),
                Map.entry("edge", "4"),
                Map.entry("apiKey", "tsk_other"),
                Map.entry("cacheBytes", "2GiB"),
                Map.entry("memoryBytes", "0"),
                Map.entry("spoolBytes", "65536B"),
                Map.entry("segmentBytes", "16KiB"),
                Map.entry("reservationBlock", "7"),
                Map.entry("maxBatchLeaves", "8"),
                Map.entry("maxPending", "9"),
                Map.entry("maxConnections", "10"),
                Map.entry("eventLoops", "11"),
                Map.entry("idleTimeout", "2m"),
                Map.entry("deliveryTimeout", "90m"),
                Map.entry("repeats", "3"),
                Map.entry("tokenBytes", "5GiB"),
                Map.entry("drainTimeout", "0ms"),
                Map.entry("pollInterval", "250ms"),
                Map.entry("shipInterval", "0s"),
                Map.entry("retryMin", "1s"),
                Map.entry("retryMax", "1h"),
                Map.entry("region", "IS"),
                Map.entry("signatures", "bouncy-castle")));
        assertThat(config)
                .isEqualTo(new EdgeConfig(
                        "0.0.0.0",
                        81,
                        Path.of("elsewhere"),
                        URI.create("https://p.example"),
                        4,
                        "tsk_other",
                        2L << 30,
                        0,
                        65_536,
                        16 << 10,
                        7,
                        8,
                        9,
                        10,
                        11,
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(90),
                        Duration.ZERO,
                        Duration.ofMillis(250),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofHours(1),
                        3,
                        5L << 30,
                        Optional.of(new Region("IS")),
                        Signatures.BOUNCY_CASTLE));
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> base().with(Map.of("spoolbytes", "1MiB")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[spoolbytes]")
                .hasMessageContaining("spoolBytes");
    }

    /** Setting, value that is refused. */
    private static final String REFUSED = """
            host             |
            port             | -1
            port             | 65536
            port             | many
            platform         | ftp://p.example
            platform         | p.example
            platform         | http://
            edge             | 0
            apiKey           |
            apiKey           | with space
            cacheBytes       | 1KiB
            cacheBytes       | 1MB
            cacheBytes       | 99999999TiB
            memoryBytes      | -1
            spoolBytes       | 65535
            segmentBytes     | 65MiB
            segmentBytes     | 4095
            segmentBytes     | 4GiB
            reservationBlock | 0
            maxBatchLeaves   | 1025
            maxBatchLeaves   | 0
            maxPending       | 0
            maxConnections   | 0
            eventLoops       | 0
            eventLoops       | 257
            idleTimeout      | 0ms
            idleTimeout      | 10
            idleTimeout      | 1d
            drainTimeout     | -1s
            pollInterval     | 0s
            shipInterval     | -1ms
            retryMin         | 0s
            retryMax         | 99ms
            region           | Europe
            region           | de
            signatures       | rsa
            """;

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        for (String row : REFUSED.lines().toList()) {
            String[] cells = row.split("\\|", -1);
            assertThatThrownBy(() -> base().with(Map.of(cells[0].strip(), cells[1].strip())))
                    .as(row)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(cells[0].strip());
        }
    }

    @Test
    void theKeyIsNeverShown() {
        assertThat(base().toString()).doesNotContain("secret").contains("edge=3");
        assertThatThrownBy(() -> base().with(Map.of("apiKey", "bad secret"))).hasMessageNotContaining("secret");
    }
}
