package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Disk;
import org.tallystick.platform.log.RealDisk;

/** A platform that has lost the thread that counts, or the one that writes, says so to whoever asks how it is. */
final class DeadWorkerTest {
    private static final InstantSource CLOCK = InstantSource.system();

    /** Breaks with an {@code Error}, as memory does, whatever the thread that counts reads. */
    private static final class Broken implements Disk {
        @Override
        public byte[] read(Path file) throws IOException {
            if (Thread.currentThread().getName().equals("metering")) {
                throw new OutOfMemoryError("made up");
            }
            return RealDisk.INSTANCE.read(file);
        }

        @Override
        public Sink create(Path file) throws IOException {
            return RealDisk.INSTANCE.create(file);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            RealDisk.INSTANCE.rename(from, to);
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            RealDisk.INSTANCE.createDirectory(directory);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            RealDisk.INSTANCE.syncDirectory(directory);
        }

        @Override
        public void delete(Path path) throws IOException {
            RealDisk.INSTANCE.delete(path);
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            return RealDisk.INSTANCE.list(directory);
        }
    }

    private static HttpResponse<String> health(URI uri) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri.resolve("/healthz")).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void awaitStopped(Platform platform) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (platform.stopped().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(platform.stopped()).isPresent();
    }

    private static Decision<Boolean> overflow(Handle tx, Instant now) {
        throw new StackOverflowError("made up");
    }

    private static Config config(Path data) {
        return Config.from(Map.of("data", data.toString(), "port", "0"), Map.of(), Optional.empty());
    }

    @Test
    void anErrorInTheThreadThatCountsIsSeen(@TempDir Path data) throws Exception {
        Config config = config(data);
        try (Database database = TestDatabase.fresh(CLOCK);
                Platform platform = Platform.on(database, new Broken(), config, CLOCK)) {
            URI uri = platform.serve(config);
            new Story(platform, CLOCK).train(1);
            awaitStopped(platform);
            HttpResponse<String> answer = health(uri);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains("service/stopped", "receipts are no longer counted", "OutOfMemoryError: made up");
        }
    }

    @Test
    void anErrorInTheThreadThatWritesIsSeen(@TempDir Path data) throws Exception {
        Config config = config(data);
        try (Database database = TestDatabase.fresh(CLOCK);
                Platform platform = Platform.on(database, RealDisk.INSTANCE, config, CLOCK)) {
            URI uri = platform.serve(config);
            CompletableFuture<Boolean> broken = platform.sequencer().submit(DeadWorkerTest::overflow);
            awaitStopped(platform);
            assertThat(broken).isCompletedExceptionally();
            HttpResponse<String> answer = health(uri);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains("service/stopped", "the log takes no more entries", "StackOverflowError: made up");
        }
    }
}
