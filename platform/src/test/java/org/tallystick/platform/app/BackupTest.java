package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.audit.Finding;
import org.tallystick.platform.db.EmptyDatabase;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.LogDamagedException;

/** A running platform is copied; what is made from the copy is the same platform. */
final class BackupTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path folder;

    private Config original;
    private Config copy;
    private Path backup;

    @BeforeEach
    void configure() throws Exception {
        original = config("original");
        copy = config("copy");
        backup = folder.resolve("backup");
    }

    private Config config(String name) throws Exception {
        EmptyDatabase database = EmptyDatabase.create();
        Path password = Files.writeString(folder.resolve(name + ".password"), database.password());
        return Config.from(
                Map.of(
                        "data", folder.resolve(name).toString(),
                        "database.url", database.url(),
                        "database.user", database.user(),
                        "database.password-file", password.toString()),
                Map.of(),
                Optional.empty());
    }

    @Test
    void aPlatformMadeFromABackupOfARunningOneIsTheSame() throws Exception {
        List<String> statements;
        String key;
        try (Platform platform = Platform.open(original, CLOCK)) {
            Story story = new Story(platform, CLOCK);
            key = story.creatorsKey();
            story.train(20);
            statements = story.close("one");
            assertThat(statements).isNotEmpty();

            Thread others = Thread.ofVirtual().start(() -> story.upload(30));
            Backup.Copied copied = Backup.take(original, backup, CLOCK);
            others.join();

            assertThat(copied.entries()).isLessThanOrEqualTo(platform.log().size());
            assertThat(copied.personalRows()).isGreaterThanOrEqualTo(4);
        }

        Backup.Copied restored = Backup.restore(backup, copy, CLOCK);

        assertThat(restored.files()).isPositive();
        try (Platform platform = Platform.open(copy, CLOCK)) {
            assertThat(platform.log().size()).isEqualTo(restored.entries());
            assertThat(Story.statements(platform)).isEqualTo(statements);
            assertThat(platform.fsck().run(area -> {}))
                    .allSatisfy(finding -> assertThat(finding)
                            .extracting(Finding::differences)
                            .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                            .isEmpty());
            assertThat(platform.parties().authenticate(key)).isPresent();
            assertThat(platform.parties()
                            .find(new PartyId("creator-1"))
                            .orElseThrow()
                            .displayName())
                    .contains("First creator");
            Story goesOn = Story.of(platform, CLOCK);
            goesOn.train(7);
            assertThat(goesOn.close("two")).hasSizeGreaterThan(statements.size());
        }
    }

    @Test
    void theNextBackupTakesOnlyWhatIsNew() {
        try (Platform platform = Platform.open(original, CLOCK)) {
            Story story = new Story(platform, CLOCK);
            story.upload(20);
            Backup.Copied first = Backup.take(original, backup, CLOCK);
            story.upload(3);

            Backup.Copied second = Backup.take(original, backup, CLOCK);

            assertThat(second.entries()).isGreaterThan(first.entries());
            assertThat(second.files()).isLessThan(first.files() / 2);
        }
        assertThat(Backup.restore(backup, copy, CLOCK).entries()).isPositive();
    }

    @Test
    void theCopyIsForItsOwnerOnly() throws Exception {
        try (Platform platform = Platform.open(original, CLOCK)) {
            new Story(platform, CLOCK);
        }
        Backup.take(original, backup, CLOCK);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rwx------");
        try (Stream<Path> personal = Files.list(backup.resolve("personal"))) {
            assertThat(personal)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup.resolve("platform.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void nothingElseIsWrittenOver() throws Exception {
        try (Platform platform = Platform.open(original, CLOCK);
                Platform another = Platform.open(copy, CLOCK)) {
            assertThat(another.log().size()).isPositive();
            Backup.take(copy, backup, CLOCK);
            assertThatThrownBy(() -> Backup.take(original, backup, CLOCK)).hasMessageContaining("something else");
            Path home = Files.createDirectories(folder.resolve("home"));
            Files.writeString(home.resolve("letter.txt"), "dear");
            assertThatThrownBy(() -> Backup.take(original, home, CLOCK)).hasMessageContaining("something else");
            assertThatThrownBy(() -> Backup.restore(backup, copy, CLOCK)).hasMessageContaining("is not empty");
            assertThat(platform.log().size()).isPositive();
        }
    }

    @Test
    void whatIsNoPlatformOrNoBackupIsSaid() throws Exception {
        assertThatThrownBy(() -> Backup.take(original, backup, CLOCK)).hasMessageContaining("holds no platform's log");
        Path nothing = Files.createDirectories(folder.resolve("nothing"));
        assertThatThrownBy(() -> Backup.restore(nothing, copy, CLOCK)).hasMessageContaining("holds no platform's log");
    }

    @Test
    void aBackupThatWentBadIsNotMadeAPlatform() throws Exception {
        try (Platform platform = Platform.open(original, CLOCK)) {
            new Story(platform, CLOCK).upload(3);
        }
        Backup.take(original, backup, CLOCK);
        Path tile = backup.resolve("log/tile/0");
        try (Stream<Path> tiles = Files.walk(tile)) {
            for (Path file : tiles.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[0] ^= 1;
                Files.write(file, bytes);
            }
        }

        assertThatThrownBy(() -> Backup.restore(backup, copy, CLOCK)).isInstanceOf(LogDamagedException.class);
    }
}
