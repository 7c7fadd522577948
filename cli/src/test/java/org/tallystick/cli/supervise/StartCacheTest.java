package org.tallystick.cli.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real JVMs on a class path of one archive, as the launcher starts them. */
final class StartCacheTest {
    private static final List<Class<?>> CLASSES = List.of(TinyServer.class, ParentPipe.class);

    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    @Test
    void theFirstCleanStopKeepsACacheAndTheNextStartUsesIt() throws Exception {
        assertThat(cache().flags().getFirst()).startsWith("-XX:AOTCacheOutput=").endsWith(".draft");

        runAndStop();

        assertThat(names()).containsExactly("tiny.aot");
        assertThat(cache().flags()).contains("-XX:AOTCache=" + folder.resolve("tiny.aot"));

        runAndStop();

        assertThat(names()).as("what is kept stays as it is").containsExactly("tiny.aot");
    }

    @Test
    void aDraftNoJvmCanUseIsThrownAway() throws Exception {
        StartCache cache = cache();
        String draft = cache.flags().getFirst().substring("-XX:AOTCacheOutput=".length());
        Files.writeString(Path.of(draft), "cut short");

        cache.keep();

        assertThat(names()).isEmpty();
    }

    @Test
    void withoutADraftThereIsNothingToKeep() throws Exception {
        cache().keep();

        assertThat(names()).isEmpty();
    }

    @Test
    void aCacheThatWentBadOnlyMakesTheStartSlow() throws Exception {
        Files.writeString(folder.resolve("tiny.aot"), "not a cache");

        runAndStop();

        assertThat(names()).containsExactly("tiny.aot");
    }

    private StartCache cache() {
        return StartCache.in(folder, "tiny", archive().toString());
    }

    private Path archive() {
        return elsewhere.resolve("tiny.jar");
    }

    @BeforeEach
    void packTheServer() throws Exception {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(archive()))) {
            for (Class<?> one : CLASSES) {
                String name = one.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                try (InputStream bytes = Objects.requireNonNull(one.getResourceAsStream("/" + name))) {
                    bytes.transferTo(jar);
                }
            }
        }
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private void runAndStop() throws Exception {
        StartCache cache = cache();
        int port = Ports.free(1).getFirst();
        List<String> command = new ArrayList<>(List.of(Jvm.program(), "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(cache.flags());
        command.addAll(Jvm.PERMISSIONS);
        command.addAll(List.of("-cp", archive().toString(), TinyServer.class.getName(), "serve", "" + port));
        URI health = URI.create("http://127.0.0.1:" + port + "/");
        ChildSpec spec = new ChildSpec("tiny", command, health, Duration.ofSeconds(20), Optional.of(cache));
        try (Supervisor supervisor = new Supervisor(elsewhere.resolve("logs"), note -> {})) {
            supervisor.start(spec).awaitReady();
        }
    }
}
