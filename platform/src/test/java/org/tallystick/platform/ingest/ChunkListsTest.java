package org.tallystick.platform.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ChunkList;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.tree.MerkleTree;

/** Chunk hashes are made as a work comes in, whole or in pieces, and again from the work where the file is gone or damaged. */
class ChunkListsTest {
    private static final TestRooms ROOMS = TestRooms.open(64L << 20, Duration.ofDays(1), 4);
    private static final Principal ADA = ROOMS.register("ada", Role.CREATOR);

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private static byte[] work(int seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static ChunkList list(byte[] content) {
        ContentId id = ContentId.of(content);
        byte[] document = ROOMS.ingest().chunks(id).orElseThrow();
        return ChunkList.verify(
                Json.parseObject(document), id, content.length, TestRooms.keyOf("platform"), Ed25519.verifier());
    }

    private static Path file(byte[] content) {
        try (Stream<Path> files = Files.walk(ROOMS.root().resolve("chunks"))) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .startsWith(ContentId.of(content).hex()))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void upload(byte[] content) {
        ROOMS.ingest()
                .upload(ADA, ManifestDraft.parse(Manifests.complete("ada", content)), Manifests.stream(content))
                .orThrow();
    }

    @Test
    void aLargeWorksChunksAreKeptAsItComesIn() {
        byte[] content = work(1, 3 * ChunkList.CHUNK + 17);
        upload(content);
        assertThat(file(content)).as("without being asked for").isRegularFile();
        assertThat(list(content).hashes()).hasSize(4);
        assertThat(list(content).hashes().get(1))
                .isEqualTo(MerkleTree.leafHash(content, ChunkList.CHUNK, ChunkList.CHUNK));
    }

    @Test
    void aWorkInPiecesHasTheSameChunks() {
        byte[] content = work(2, 2 * ChunkList.CHUNK + 1);
        UploadStatus begun = ROOMS.ingest()
                .begin(ADA, ManifestDraft.parse(Manifests.complete("ada", content)), java.util.Optional.empty())
                .orThrow();
        int half = 1_500_000;
        byte[] first = java.util.Arrays.copyOf(content, half);
        byte[] second = java.util.Arrays.copyOfRange(content, half, content.length);
        ROOMS.ingest()
                .append(ADA, begun.id(), 0, Manifests.stream(first), false)
                .orThrow();
        ROOMS.ingest()
                .append(ADA, begun.id(), half, Manifests.stream(second), true)
                .orThrow();
        assertThat(file(content)).isRegularFile();
        assertThat(list(content).hashes().getFirst()).isEqualTo(MerkleTree.leafHash(content, 0, ChunkList.CHUNK));
    }

    @Test
    void whatIsGoneOrDamagedIsMadeAgain() throws IOException {
        byte[] content = work(3, ChunkList.CHUNK + 1);
        upload(content);
        ChunkList kept = list(content);
        Files.delete(file(content));
        assertThat(list(content)).isEqualTo(kept);
        byte[] document = Files.readAllBytes(file(content));
        document[document.length / 2]++;
        Files.write(file(content), document);
        assertThat(list(content)).isEqualTo(kept);
        byte[] other = work(4, ChunkList.CHUNK + 1);
        upload(other);
        Files.copy(file(other), file(content), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(list(content)).as("another work's list").isEqualTo(kept);
    }

    @Test
    void smallWorksHaveNoFileAndStrangersNoList() {
        byte[] content = work(5, 70_000);
        upload(content);
        assertThat(list(content).hashes()).hasSize(1);
        assertThat(ROOMS.ingest().chunks(ContentId.of(work(6, 10)))).isEmpty();
    }
}
