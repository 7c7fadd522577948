package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.audit.Finding;
import org.tallystick.platform.db.EmptyDatabase;

/** What {@code fsck} says of a platform that does not open any more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InspectionTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private Config config;
    private final List<Runnable> mending = new ArrayList<>();

    @BeforeAll
    void runAPlatformOnce(@TempDir Path folder) throws Exception {
        EmptyDatabase database = EmptyDatabase.create();
        Path password = Files.writeString(folder.resolve("password"), database.password());
        config = Config.from(
                Map.of(
                        "data", folder.resolve("platform").toString(),
                        "database.url", database.url(),
                        "database.user", database.user(),
                        "database.password-file", password.toString()),
                Map.of(),
                Optional.empty());
        try (Platform platform = Platform.open(config, CLOCK)) {
            Story story = new Story(platform, CLOCK);
            story.train(5);
            story.close("one");
        }
    }

    @AfterEach
    void mend() {
        mending.reversed().forEach(Runnable::run);
        mending.clear();
    }

    private Map<String, Finding> inspected() {
        Map<String, Finding> found = new java.util.LinkedHashMap<>();
        Inspection.of(config, CLOCK, area -> {}).forEach(finding -> found.put(finding.area(), finding));
        return found;
    }

    private void change(String file, int at) {
        Path path = config.data().resolve(file);
        byte[] good = read(path);
        byte[] bad = good.clone();
        bad[at] ^= 1;
        write(path, bad);
        mending.add(() -> write(path, good));
    }

    private void remove(String file) throws IOException {
        Path path = config.data().resolve(file);
        byte[] good = read(path);
        Files.delete(path);
        mending.add(() -> write(path, good));
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(Path path, byte[] bytes) {
        try {
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String widest(String below) throws IOException {
        Path tiles = config.data().resolve("log/tile").resolve(below);
        try (Stream<Path> files = Files.walk(tiles)) {
            return files.filter(Files::isRegularFile)
                    .max(java.util.Comparator.comparing(file -> Integer.valueOf(String.valueOf(file.getFileName()))))
                    .map(file -> config.data().resolve("log").relativize(file).toString())
                    .orElseThrow();
        }
    }

    private static void says(Map<String, Finding> found, String area, String... words) {
        assertThat(String.join("\n", of(found, area).differences())).contains(words);
    }

    private static Finding of(Map<String, Finding> found, String area) {
        return Optional.ofNullable(found.get(area)).orElseThrow(() -> new AssertionError("nothing of " + area));
    }

    @Test
    void aSoundOneIsCheckedInEveryArea() {
        assertThat(inspected())
                .containsKeys(
                        "log", "blobs", "bundles", "keys", "refused", "works", "tables", "sets", "ledger", "statements")
                .allSatisfy((area, finding) ->
                        assertThat(finding.differences()).as(area).isEmpty());
    }

    @Test
    void aBadCheckpointAndABadTileAreBothNamed() throws IOException {
        String entries = widest("entries");
        change("log/checkpoint", 3);
        change("log/" + entries, 400);
        Map<String, Finding> found = inspected();
        says(found, "log", "checkpoint: ", entries + ": log/entry: entry ");
        says(found, "platform", "it does not open");
        assertThat(of(found, "blobs").differences()).isEmpty();
        assertThat(of(found, "ledger").differences()).isEmpty();
        assertThat(of(found, "ledger").checked()).isEqualTo("every balance summed again");
    }

    @Test
    void aTileThatDoesNotFitTheCheckpointIsNamed() throws IOException {
        String tile = widest("0");
        change("log/" + tile, 40);
        Map<String, Finding> found = inspected();
        says(found, "log", "checkpoint: log/edge", "does not hash to its leaf");
        says(found, "platform", "it does not open");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        remove("log/checkpoint");
        says(inspected(), "log", "checkpoint: log/missing");
        mend();
        remove("platform.key");
        says(inspected(), "log", "platform.key is missing");
        assertThat(config.data().resolve("platform.key"))
                .as("no other key is put in its place")
                .doesNotExist();
    }

    @Test
    void aPlatformInUseIsNoDamage() {
        try (Platform platform = Platform.open(config, CLOCK)) {
            assertThat(platform.log().size()).isPositive();
            assertThatThrownBy(this::inspected).isInstanceOf(IllegalStateException.class);
        }
    }
}
