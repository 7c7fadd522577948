package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.db.DatabaseConfig;

class ConfigTest {
    @TempDir
    Path data;

    @Test
    void defaults() {
        Config config = Config.in(data);
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.origin()).isEqualTo("tallystick.local/log");
        assertThat(config.database()).isEqualTo(new DatabaseConfig.Embedded(data.resolve("db")));
        assertThat(config.maxUpload()).isEqualTo(64L << 30);
        assertThat(config.certificateValidity()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void theCommandLineGoesBeforeTheEnvironmentBeforeTheFile() throws IOException {
        Files.writeString(data.resolve(Config.FILE), "port=1\nhost=0.0.0.0\norigin=file.example/log\n");
        Map<String, String> environment = Map.of("TALLYSTICK_PORT", "2", "TALLYSTICK_ORIGIN", "env.example/log");
        Config config = Config.read(data, Map.of("port", "3"), environment);
        assertThat(config.port()).isEqualTo(3);
        assertThat(config.origin()).isEqualTo("env.example/log");
        assertThat(config.host()).isEqualTo("0.0.0.0");
    }

    @Test
    void theOperatorsOwnDatabaseByOneSetting() {
        Config config = Config.read(
                data,
                Map.of("database.url", "jdbc:postgresql://db.example/t", "database.password", "secret"),
                Map.of());
        assertThat(config.database())
                .isEqualTo(new DatabaseConfig.External("jdbc:postgresql://db.example/t", "tallystick", "secret"));
        assertThat(config.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        prot                 | 1           | unknown setting prot
        port                 | x           | must be a whole number
        port                 | 65536       | out of range
        port                 | -1          | out of range
        host                 | ' '         | host must not be empty
        origin               | Example.org | lower-case name
        upload.max-bytes     | 0           | at least 1
        edge.certificate-days| 0           | between 1 and 366
        edge.certificate-days| 367         | between 1 and 366
        database.url         | mysql://x   | must start with jdbc:postgresql:
        database.user        | someone     | need a database.url
        """)
    void refusesWhatItCannotUse(String name, String value, String why) {
        assertThatThrownBy(() -> Config.read(data, Map.of(name, value), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void namesOfVariables() {
        assertThat(Config.variable("upload.max-bytes")).isEqualTo("TALLYSTICK_UPLOAD_MAX_BYTES");
    }
}
