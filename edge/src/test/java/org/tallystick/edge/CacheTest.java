package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;

/** Works kept on disk and in memory: fetched once, proven before they are served, bounded. */
class CacheTest {
    @TempDir
    Path dir;

    private Path file(ContentId work) {
        return dir.resolve("cache").resolve(work.hex().substring(0, 2)).resolve(work.hex());
    }

    private static long used(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("cache"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> StubPlatform.unchecked(() -> Files.size(file)))
                    .sum();
        }
    }

    @Test
    void howeverManyAskAWorkIsFetchedOnce() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<ContentId> works = fixture.works(50_000, 600_000);
            Hash dataset = fixture.platform.publish(works);
            fixture.platform.blobDelay = Duration.ofMillis(50);
            fixture.start();
            List<Callable<RawHttp.Response>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                ContentId work = works.get(i % 2);
                calls.add(() -> fixture.call(RawHttp.get(EdgeFixture.path(work), fixture.token(dataset))));
            }
            for (Future<RawHttp.Response> response : clients.invokeAll(calls)) {
                assertThat(response.get().status()).isEqualTo(200);
            }
            works.forEach(
                    work -> assertThat(fixture.platform.blobRequests.get(work)).hasValue(1));
            assertThat(fixture.platform.datasetRequests).hasValue(1);
            assertThat(fixture.metric("fetched_works_total")).isEqualTo(2);
        }
    }

    @Test
    void whatWasFetchedIsServedAfterARestartWithoutThePlatform() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(50_000, 600_000);
            String token = fixture.token(fixture.platform.publish(works));
            fixture.start();
            for (ContentId work : works) {
                fixture.call(RawHttp.get(EdgeFixture.path(work), token));
            }
            fixture.stop();
            fixture.platform.away = true;
            fixture.start();
            for (ContentId work : works) {
                RawHttp.Response response = fixture.call(RawHttp.get(EdgeFixture.path(work), token));
                assertThat(ContentId.of(response.body())).isEqualTo(work);
                assertThat(response.header("Tallystick-Cache")).isEqualTo("hit");
            }
        }
    }

    @Test
    void aWorkThatRottedOnDiskIsFetchedAgainNotServed() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(50_000, 600_000, 70_000);
            String token = fixture.token(fixture.platform.publish(works));
            fixture.start();
            for (ContentId work : works) {
                fixture.call(RawHttp.get(EdgeFixture.path(work), token));
            }
            fixture.stop();
            for (ContentId work : works.subList(0, 2)) {
                byte[] bytes = Files.readAllBytes(file(work));
                bytes[bytes.length / 2] ^= 1;
                Files.write(file(work), bytes);
            }
            Files.write(file(works.get(2)), new byte[10]);
            fixture.start();
            for (ContentId work : works) {
                RawHttp.Response response = fixture.call(RawHttp.get(EdgeFixture.path(work), token));
                assertThat(ContentId.of(response.body())).isEqualTo(work);
                assertThat(response.header("Tallystick-Cache")).isEqualTo("miss");
            }
            assertThat(fixture.metric("damaged_works_total")).isEqualTo(3);
        }
    }

    @Test
    void aDatasetVersionThatRottedOnDiskIsFetchedAgain() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(10);
            Hash dataset = fixture.platform.publish(works);
            String request = RawHttp.get(EdgeFixture.path(works.getFirst()), fixture.token(dataset));
            fixture.start();
            assertThat(fixture.call(request).status()).isEqualTo(200);
            fixture.stop();
            Path file = dir.resolve("datasets").resolve(dataset.hex() + ".json");
            Files.writeString(file, Files.readString(file).replace("creator-1", "creator-2"));
            fixture.start();
            assertThat(fixture.call(request).status()).isEqualTo(200);
            assertThat(fixture.platform.datasetRequests).hasValue(2);
        }
    }

    @Test
    void diskAndMemoryStayWithinTheirBounds() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("cacheBytes", "1MiB");
            fixture.settings.put("memoryBytes", "300KiB");
            int[] lengths = new int[40];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = i % 10 == 0 ? 270_000 + i : 30_000 + i;
            }
            List<ContentId> works = fixture.works(lengths);
            String token = fixture.token(fixture.platform.publish(works));
            fixture.start();
            for (int round = 0; round < 2; round++) {
                for (ContentId work : works) {
                    RawHttp.Response response = fixture.call(RawHttp.get(EdgeFixture.path(work), token));
                    assertThat(ContentId.of(response.body())).isEqualTo(work);
                    if (works.indexOf(work) % 6 == 0) {
                        assertThat(fixture.metric("cache_disk_bytes")).isLessThanOrEqualTo(1 << 20);
                        assertThat(fixture.metric("cache_memory_bytes")).isLessThanOrEqualTo(300 << 10);
                    }
                }
                assertThat(used(dir)).isLessThanOrEqualTo(1 << 20);
            }
            assertThat(fixture.metric("cache_evictions")).isGreaterThan(40);
        }
    }

    @Test
    void whatIsUsedOftenStays() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("cacheBytes", "1MiB");
            int[] lengths = new int[60];
            java.util.Arrays.fill(lengths, 50_000);
            List<ContentId> works = fixture.works(lengths);
            String token = fixture.token(fixture.platform.publish(works));
            fixture.start();
            for (ContentId work : works) {
                assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), token))
                                .status())
                        .isEqualTo(200);
                assertThat(fixture.call(RawHttp.get(EdgeFixture.path(work), token))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(fixture.platform.blobRequests.get(works.getFirst())).hasValue(1);
        }
    }

    @Test
    void withoutMemoryForWorksTheyAreServedFromDisk() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("memoryBytes", "0");
            List<ContentId> works = fixture.works(50_000, 0, 1);
            String token = fixture.token(fixture.platform.publish(works));
            fixture.start();
            for (int round = 0; round < 2; round++) {
                for (ContentId work : works) {
                    RawHttp.Response response = fixture.call(RawHttp.get(EdgeFixture.path(work), token));
                    assertThat(ContentId.of(response.body())).isEqualTo(work);
                    fixture.verified(response);
                }
            }
            assertThat(fixture.metric("cache_memory_bytes")).isZero();
        }
    }

    @Test
    void strayFilesInTheCacheAreLeftAloneAndUnfinishedOnesCleared() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            Files.createDirectories(dir.resolve("cache/new"));
            Files.writeString(dir.resolve("cache/notes.txt"), "mine");
            Files.writeString(dir.resolve("cache/new/" + "0".repeat(64)), "half");
            fixture.start();
            assertThat(dir.resolve("cache/notes.txt")).exists();
            assertThat(dir.resolve("cache/new")).isEmptyDirectory();
            assertThat(fixture.metric("cache_works")).isZero();
        }
    }
}
