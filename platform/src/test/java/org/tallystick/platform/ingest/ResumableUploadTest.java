package org.tallystick.platform.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;

/** Uploads in several pieces, with crashes between them. */
class ResumableUploadTest {
    private static final long LIMIT = 500_000;
    private static final TestRooms ROOMS = TestRooms.open(LIMIT, Duration.ofHours(6), 5);
    private static final Principal ADA = ROOMS.register("ada", Role.CREATOR);
    private static final Principal BEA = ROOMS.register("bea", Role.CREATOR);

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static UploadStatus begin(Json.Obj manifest, Optional<Long> length) {
        return ROOMS.ingest().begin(ADA, ManifestDraft.parse(manifest), length).orThrow();
    }

    private static Outcome<UploadStatus> append(String id, long offset, byte[] piece, boolean last) {
        return ROOMS.ingest().append(ADA, id, offset, Manifests.stream(piece), last);
    }

    private static void assertRefused(String reason, Outcome<?> outcome) {
        assertThat(outcome.refusal().map(Problem::type)).contains(reason);
    }

    @Test
    void piecesBecomeOneWork() {
        byte[] content = random(1, 200_000);
        UploadStatus begun = begin(Manifests.complete("ada", content), Optional.of(200_000L));
        assertThat(begun.id()).matches("up-[0-9a-f]{32}");
        assertThat(begun.offset()).isZero();
        assertThat(begun.expires()).isEqualTo(ROOMS.now().plus(Duration.ofHours(6)));
        UploadStatus first =
                append(begun.id(), 0, Arrays.copyOf(content, 70_000), false).orThrow();
        assertThat(first.offset()).isEqualTo(70_000);
        assertThat(first.isComplete()).isFalse();
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow()).isEqualTo(first);
        UploadStatus done = append(begun.id(), 70_000, Arrays.copyOfRange(content, 70_000, 200_000), true)
                .orThrow();
        assertThat(done.isComplete()).isTrue();
        UploadReceipt receipt = done.receipt().orElseThrow();
        assertThat(ROOMS.blobs().read(receipt.content())).isEqualTo(content);
        assertThat(ROOMS.ingest().manifest(receipt.manifestId())).isPresent();
    }

    @Test
    void anAnswerThatWasLostCanBeAskedForAgain() {
        byte[] content = random(2, 1_000);
        UploadStatus begun = begin(Manifests.least("ada").with("path", Json.of("lost")), Optional.empty());
        UploadReceipt receipt =
                append(begun.id(), 0, content, true).orThrow().receipt().orElseThrow();
        ROOMS.advance(Duration.ofMinutes(5));
        UploadStatus status = ROOMS.ingest().status(ADA, begun.id()).orThrow();
        assertThat(status.receipt()).contains(receipt);
        assertThat(status.offset()).isEqualTo(1_000);
        assertThat(append(begun.id(), 1_000, new byte[0], true).orThrow().receipt())
                .contains(receipt);
        assertThat(ROOMS.ingest().complete(ADA, begun.id()).orThrow().receipt()).contains(receipt);
        assertRefused("upload/complete", append(begun.id(), 0, content, true));
        assertRefused("upload/complete", append(begun.id(), 1_000, content, false));
        ROOMS.restart();
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow().receipt()).contains(receipt);
    }

    @Test
    void completingSaysThatNothingMoreComes() {
        byte[] content = random(3, 10);
        UploadStatus begun = begin(Manifests.complete("ada", content), Optional.empty());
        append(begun.id(), 0, content, false).orThrow();
        assertThat(ROOMS.ingest().complete(ADA, begun.id()).orThrow().isComplete())
                .isTrue();
        UploadStatus empty = begin(Manifests.least("ada").with("title", Json.of("nothing")), Optional.of(0L));
        assertThat(ROOMS.ingest()
                        .complete(ADA, empty.id())
                        .orThrow()
                        .receipt()
                        .orElseThrow()
                        .bytes())
                .isZero();
    }

    @Test
    void aPieceBelongsWhereTheUploadStands() {
        UploadStatus begun = begin(Manifests.least("ada").with("path", Json.of("offsets")), Optional.empty());
        append(begun.id(), 0, random(4, 100), false).orThrow();
        for (long offset : new long[] {0, 99, 101, Long.MAX_VALUE}) {
            Outcome<UploadStatus> outcome = append(begun.id(), offset, random(4, 10), false);
            assertRefused("upload/offset", outcome);
            assertThat(outcome.refusal().orElseThrow().extras()).containsEntry("upload_offset", "100");
        }
        assertThat(ROOMS.ingest().cancel(ADA, begun.id()).isAccepted()).isTrue();
        assertRefused("upload/unknown", ROOMS.ingest().status(ADA, begun.id()));
    }

    @Test
    void whatCameBeforeTheConnectionBrokeIsKept() {
        byte[] content = new byte[150_000];
        Arrays.fill(content, (byte) 'x');
        UploadStatus begun = begin(Manifests.complete("ada", content), Optional.empty());
        assertRefused(
                "upload/broken-off", ROOMS.ingest().append(ADA, begun.id(), 0, IngestTest.breaking(90_000), true));
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow().offset()).isEqualTo(90_000);
        ROOMS.restart();
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow().offset()).isEqualTo(90_000);
        assertThat(append(begun.id(), 90_000, Arrays.copyOf(content, 60_000), true)
                        .orThrow()
                        .isComplete())
                .isTrue();
    }

    /** A crash may leave more in the file than was acknowledged, or bytes that never were sent. */
    @Test
    void whatWasNeverAcknowledgedIsCutOff() throws IOException {
        byte[] content = random(5, 3_000);
        UploadStatus begun = begin(Manifests.complete("ada", content), Optional.empty());
        append(begun.id(), 0, Arrays.copyOf(content, 1_000), false).orThrow();
        Files.write(ROOMS.staging().resolve(begun.id()).resolve("content"), new byte[5_000], StandardOpenOption.APPEND);
        Files.writeString(ROOMS.staging().resolve(begun.id()).resolve("state.json.new"), "{\"torn");
        ROOMS.restart();
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow().offset()).isEqualTo(1_000);
        append(begun.id(), 1_000, Arrays.copyOfRange(content, 1_000, 3_000), false)
                .orThrow();
        assertThat(ROOMS.ingest().complete(ADA, begun.id()).orThrow().isComplete())
                .isTrue();
    }

    @Test
    void whatCannotBeReadAtTheStartIsGivenUp() throws IOException {
        UploadStatus sound = begin(Manifests.least("ada").with("path", Json.of("sound")), Optional.empty());
        for (String state : List.of("", "{", "{}", "[1]", "{\"id\":\"another\"}")) {
            Path directory = Files.createDirectory(ROOMS.staging().resolve("up-" + state.length()));
            Files.writeString(directory.resolve("content"), "bytes");
            if (!state.isEmpty()) {
                Files.writeString(directory.resolve("state.json"), state);
            }
        }
        ROOMS.restart();
        assertThat(ROOMS.ingest().status(ADA, sound.id()).orThrow().offset()).isZero();
        try (Stream<Path> left = Files.list(ROOMS.staging())) {
            assertThat(left.filter(p -> !p.getFileName().toString().matches("up-[0-9a-f]{32}")))
                    .isEmpty();
        }
        ROOMS.ingest().cancel(ADA, sound.id()).orThrow();
    }

    @Test
    void anUploadIsItsUploadersOnly() {
        UploadStatus begun = begin(Manifests.least("ada").with("path", Json.of("mine")), Optional.empty());
        assertRefused("upload/unknown", ROOMS.ingest().status(BEA, begun.id()));
        assertRefused("upload/unknown", ROOMS.ingest().cancel(BEA, begun.id()));
        assertRefused("upload/unknown", ROOMS.ingest().complete(BEA, begun.id()));
        assertRefused("upload/unknown", ROOMS.ingest().append(BEA, begun.id(), 0, InputStream.nullInputStream(), true));
        for (String id : List.of("", "..", "up-0", "../blobs", "up-" + "0".repeat(32))) {
            assertRefused("upload/unknown", ROOMS.ingest().status(ADA, id));
            assertRefused("upload/unknown", append(id, 0, new byte[1], true));
        }
        ROOMS.ingest().cancel(ADA, begun.id()).orThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 101, false, upload/longer-than-declared, 0",
        "100, 101, true,  upload/longer-than-declared, 0",
        "100, 99,  true,  upload/shorter-than-declared, 99",
    })
    void theDeclaredLengthHolds(long declared, int sent, boolean last, String reason, long offset) {
        UploadStatus begun = begin(Manifests.least("ada").with("path", Json.of("declared")), Optional.of(declared));
        assertRefused(reason, append(begun.id(), 0, random(6, sent), last));
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow().offset()).isEqualTo(offset);
        ROOMS.ingest().cancel(ADA, begun.id()).orThrow();
    }

    @Test
    void contentHasALimit() {
        ManifestDraft draft = ManifestDraft.parse(Manifests.least("ada"));
        assertRefused("upload/too-large", ROOMS.ingest().begin(ADA, draft, Optional.of(LIMIT + 1)));
        UploadStatus begun = begin(draft.document(), Optional.empty());
        append(begun.id(), 0, new byte[(int) LIMIT], false).orThrow();
        assertRefused("upload/too-large", append(begun.id(), LIMIT, new byte[1], true));
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow().offset()).isEqualTo(LIMIT);
        ROOMS.ingest().cancel(ADA, begun.id()).orThrow();
    }

    @Test
    void whatIsWrongWithAManifestIsSaidAtTheBeginning() {
        byte[] content = random(7, 10);
        for (Json.Obj wrong : List.of(
                Manifests.least("nobody"),
                Manifests.least("bea"),
                Manifests.complete("ada", content).with("content_id", Json.of("sha256:...")),
                ManifestSignature.sign(Manifests.complete("ada", content), TestRooms.signer("bea")))) {
            assertThat(ROOMS.ingest()
                            .begin(ADA, ManifestDraft.parse(wrong), Optional.empty())
                            .isAccepted())
                    .isFalse();
        }
    }

    @Test
    void contentThatIsNotWhatWasNamedEndsTheUpload() {
        UploadStatus begun = begin(Manifests.complete("ada", random(8, 100)), Optional.empty());
        long entries = ROOMS.logSize();
        assertRefused("manifest/content-id-mismatch", append(begun.id(), 0, random(9, 100), true));
        assertRefused("upload/unknown", ROOMS.ingest().status(ADA, begun.id()));
        assertThat(ROOMS.logSize()).isEqualTo(entries);
        assertThat(ROOMS.staging().resolve(begun.id())).doesNotExist();
    }

    @Test
    void abandonedUploadsExpire() {
        UploadStatus old = begin(Manifests.least("ada").with("path", Json.of("old")), Optional.empty());
        ROOMS.advance(Duration.ofHours(5));
        UploadStatus kept = begin(Manifests.least("ada").with("path", Json.of("kept")), Optional.empty());
        append(old.id(), 0, new byte[1], false).orThrow();
        ROOMS.advance(Duration.ofHours(5));
        assertThat(ROOMS.ingest().status(ADA, old.id()).isAccepted())
                .as("touched since")
                .isTrue();
        ROOMS.advance(Duration.ofHours(1));
        ROOMS.restart();
        ROOMS.ingest().expire();
        assertRefused("upload/unknown", ROOMS.ingest().status(ADA, old.id()));
        assertRefused("upload/unknown", ROOMS.ingest().status(ADA, kept.id()));
        assertThat(ROOMS.staging().resolve(old.id())).doesNotExist();
        assertThat(ROOMS.ingest().expire()).isZero();
    }

    @Test
    void onePartyHasOnlySoManyOpen() {
        ROOMS.advance(Duration.ofDays(1));
        ROOMS.ingest().expire();
        ManifestDraft draft = ManifestDraft.parse(Manifests.least("ada").with("path", Json.of("many")));
        List<UploadStatus> open = Stream.generate(
                        () -> ROOMS.ingest().begin(ADA, draft, Optional.empty()).orThrow())
                .limit(5)
                .toList();
        assertRefused("upload/too-many-uploads", ROOMS.ingest().begin(ADA, draft, Optional.empty()));
        ManifestDraft hers = ManifestDraft.parse(Manifests.least("bea").with("path", Json.of("one")));
        assertThat(ROOMS.ingest().begin(BEA, hers, Optional.empty()).isAccepted())
                .isTrue();
        assertThat(append(open.getFirst().id(), 0, new byte[0], true).isAccepted())
                .isTrue();
        UploadStatus another =
                ROOMS.ingest().begin(ADA, draft, Optional.empty()).orThrow();
        open.stream().skip(1).forEach(u -> ROOMS.ingest().cancel(ADA, u.id()).orThrow());
        ROOMS.ingest().cancel(ADA, another.id()).orThrow();
    }

    /** A stream that gives one byte, waits for as long as it is told to, and then gives another. */
    private static final class Silent extends InputStream {
        private final CountDownLatch waiting = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private int given;

        @Override
        public int read() {
            throw new UncheckedIOException(new IOException("not read this way"));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (given == 1) {
                waiting.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            if (given == 2) {
                return -1;
            }
            buffer[offset] = (byte) ++given;
            return 1;
        }
    }

    @Test
    void aNewerRequestEndsASilentOneWhoseLaterBytesNeverEnterTheWork() throws Exception {
        byte[] content = {1, 9, 9, 9};
        UploadStatus begun = begin(Manifests.complete("ada", content), Optional.empty());
        Silent silent = new Silent();
        CompletableFuture<Outcome<UploadStatus>> first =
                CompletableFuture.supplyAsync(() -> ROOMS.ingest().append(ADA, begun.id(), 0, silent, true));
        silent.waiting.await();
        assertThat(ROOMS.ingest().status(ADA, begun.id()).orThrow().offset())
                .as("what had come is not lost, and asking is enough to end it")
                .isEqualTo(1);
        UploadStatus done = append(begun.id(), 1, new byte[] {9, 9, 9}, true).orThrow();
        assertThat(ROOMS.blobs().read(done.receipt().orElseThrow().content())).isEqualTo(content);
        silent.goOn.countDown();
        assertRefused("upload/superseded", first.get());
    }

    @Test
    void aRequestUnderWayIsNotExpiredUnderItsHands() throws Exception {
        UploadStatus begun = begin(Manifests.least("ada").with("path", Json.of("busy")), Optional.empty());
        Silent silent = new Silent();
        CompletableFuture<Outcome<UploadStatus>> first =
                CompletableFuture.supplyAsync(() -> ROOMS.ingest().append(ADA, begun.id(), 0, silent, false));
        silent.waiting.await();
        ROOMS.advance(Duration.ofDays(2));
        ROOMS.ingest().expire();
        silent.goOn.countDown();
        assertThat(first.get().orThrow().offset()).isEqualTo(2);
        ROOMS.ingest().cancel(ADA, begun.id()).orThrow();
    }

    /** Any cutting into pieces, with any restarts and breaks between them, gives the same work as one piece. */
    @Test
    void anyCuttingGivesTheSameWork() {
        Seeds.check(6, random -> {
            byte[] content = new byte[random.nextInt(1, 40_000)];
            random.nextBytes(content);
            UploadStatus at = begin(
                    Manifests.complete("ada", content),
                    random.nextBoolean() ? Optional.of((long) content.length) : Optional.empty());
            while (!at.isComplete()) {
                int from = (int) at.offset();
                int to = Math.min(content.length, from + random.nextInt(20_000));
                if (random.nextInt(8) == 0) {
                    ROOMS.restart();
                }
                at = append(at.id(), from, Arrays.copyOfRange(content, from, to), to == content.length)
                        .orThrow();
            }
            UploadReceipt receipt = at.receipt().orElseThrow();
            assertThat(ROOMS.blobs().read(receipt.content())).isEqualTo(content);
            assertThat(ROOMS.ingest()
                            .upload(
                                    ADA,
                                    ManifestDraft.parse(Manifests.complete("ada", content)),
                                    Manifests.stream(content)))
                    .isEqualTo(Outcome.repeated(receipt));
        });
    }
}
