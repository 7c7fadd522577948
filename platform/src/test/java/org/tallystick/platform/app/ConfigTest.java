package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.db.DatabaseConfig;

/** Settings have defaults, units and one order of precedence; nothing unknown is passed over. */
final class ConfigTest {
    @TempDir
    Path folder;

    @Test
    void defaults() {
        Config config = Config.from(Map.of("data", "/srv/tally"), Map.of(), Optional.empty());
        assertThat(config)
                .isEqualTo(new Config(
                        Path.of("/srv/tally"),
                        "127.0.0.1",
                        8080,
                        "tallystick.local/log",
                        new DatabaseConfig.Embedded(Path.of("/srv/tally/database")),
                        Duration.ofDays(30),
                        64L << 30,
                        Duration.ofDays(1)));
    }

    @Test
    void flagsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("p"), "data=/a\nport=1\nhost=h1\norigin=o1/log\n");
        Config config = Config.from(
                Map.of("port", "3"),
                Map.of("TALLYSTICK_PLATFORM_PORT", "2", "TALLYSTICK_PLATFORM_HOST", "h2", "PATH", "x"),
                Optional.of(file));
        assertThat(config.port()).isEqualTo(3);
        assertThat(config.host()).isEqualTo("h2");
        assertThat(config.origin()).isEqualTo("o1/log");
        assertThat(config.data()).isEqualTo(Path.of("/a"));
    }

    @Test
    void everyNameCanBeSetFromTheEnvironment() {
        for (String name : Config.names()) {
            assertThat(Config.variable(name)).matches("TALLYSTICK_PLATFORM_[A-Z_]+");
        }
        assertThat(Config.variable("edge.certificate-validity"))
                .isEqualTo("TALLYSTICK_PLATFORM_EDGE_CERTIFICATE_VALIDITY");
    }

    @Test
    void theUnknownIsRefusedWhereverItStands() throws IOException {
        Path file = Files.writeString(folder.resolve("p"), "prot=1\n");
        Map<String, String> data = Map.of("data", "/a");
        assertThatThrownBy(() -> Config.from(data, Map.of(), Optional.of(file))).hasMessageContaining("prot");
        assertThatThrownBy(() -> Config.from(data, Map.of("TALLYSTICK_PLATFORM_PROT", "1"), Optional.empty()))
                .hasMessageContaining("TALLYSTICK_PLATFORM_PROT");
        assertThatThrownBy(() -> Config.from(Map.of("data", "/a", "prot", "1"), Map.of(), Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("known are");
        assertThatThrownBy(() -> Config.from(Map.of(), Map.of(), Optional.empty()))
                .hasMessageContaining("data");
    }

    @ParameterizedTest
    @CsvSource({
        "port,-1",
        "port,65536",
        "port,eighty",
        "host,''",
        "origin,a+b",
        "origin,''",
        "edge.certificate-validity,30",
        "edge.certificate-validity,30 years",
        "edge.certificate-validity,59s",
        "upload.max-size,64",
        "upload.max-size,64GB",
        "upload.max-size,0B",
        "upload.max-size,999999999999TiB",
        "upload.lifetime,0s",
        "database.user,me",
        "database.url,postgres://x"
    })
    void whatIsNotWhatItMustBeIsNamed(String name, String value) {
        assertThatThrownBy(() -> Config.from(Map.of("data", "/a", name, value), Map.of(), Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(name.startsWith("database") ? "database" : name.split("\\.")[0]);
    }

    @ParameterizedTest
    @CsvSource({"200ms,PT0.2S", "10s,PT10S", "5m,PT5M", "12h,PT12H", "30d,PT720H", "1 d,PT24H"})
    void timesHaveUnits(String text, Duration meant) {
        assertThat(Units.duration("x", text)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"7B,7", "2KiB,2048", "8MiB,8388608", "1GiB,1073741824", "1TiB,1099511627776"})
    void sizesHaveUnits(String text, long meant) {
        assertThat(Units.bytes("x", text)).isEqualTo(meant);
    }

    @Test
    void anotherDatabaseNeedsItsPasswordFromAFile() throws IOException {
        Path password = Files.writeString(folder.resolve("secret"), "s3cret\n");
        Config config = Config.from(
                Map.of(
                        "data",
                        "/a",
                        "database.url",
                        "jdbc:postgresql://db/tally",
                        "database.user",
                        "me",
                        "database.password-file",
                        password.toString()),
                Map.of(),
                Optional.empty());
        assertThat(config.database())
                .isEqualTo(new DatabaseConfig.External("jdbc:postgresql://db/tally", "me", "s3cret"));
        assertThat(config.toString()).doesNotContain("s3cret");
        assertThatThrownBy(() -> Config.from(
                        Map.of("data", "/a", "database.url", "jdbc:postgresql://db/tally", "database.user", "me"),
                        Map.of(),
                        Optional.empty()))
                .hasMessageContaining("database.password-file");
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> Config.from(Map.of(), Map.of(), Optional.of(folder.resolve("none"))))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void thePlatformsKeyIsMadeOnceAndKeptToItsOwner() throws IOException {
        Path file = folder.resolve("platform.key");
        byte[] seed = PlatformKey.loadOrMake(file);
        assertThat(PlatformKey.loadOrMake(file)).isEqualTo(seed);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).startsWith("-----BEGIN PRIVATE KEY-----");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"})
    void aKeyFileThatIsNoneIsNeverReplaced(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("platform.key"), text);
        assertThatThrownBy(() -> PlatformKey.loadOrMake(file)).isInstanceOf(UncheckedIOException.class);
        assertThat(file).hasContent(text);
    }
}
