package org.tallystick.platform.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.party.TestKeys;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;

/** Uploads in one piece, on a real database, log and blob store. Each test uses contents of its own. */
class IngestTest {
    private static final long LIMIT = 1_000_000;
    private static final TestRooms ROOMS = TestRooms.open(LIMIT, Duration.ofDays(1), 4);
    private static final Principal ADA = ROOMS.register("ada", Role.CREATOR);
    private static final Principal BEA = ROOMS.register("bea", Role.CREATOR);

    static {
        ROOMS.register("cai", Role.CURATOR);
    }

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private static Outcome<UploadReceipt> upload(Principal uploader, Json.Obj manifest, byte[] content) {
        return ROOMS.ingest().upload(uploader, ManifestDraft.parse(manifest), Manifests.stream(content));
    }

    private static void assertRefused(String reason, Principal uploader, Json.Obj manifest, byte[] content) {
        long entries = ROOMS.logSize();
        Outcome<UploadReceipt> outcome = upload(uploader, manifest, content);
        assertThat(outcome.refusal().map(Problem::type)).contains(reason);
        assertThat(ROOMS.logSize()).isEqualTo(entries);
        assertThat(ROOMS.blobs().has(ContentId.of(content)))
                .as("nothing is kept")
                .isFalse();
    }

    @Test
    void aWorkIsStoredDescribedAndReceipted() {
        byte[] content = Manifests.bytes("a first work");
        Json.Obj manifest = ManifestSignature.sign(
                Manifests.complete("ada", content).with("path", Json.of("x/y.txt")), TestRooms.signer("ada"));
        UploadReceipt receipt = upload(ADA, manifest, content).orThrow();
        assertThat(receipt.content()).isEqualTo(ContentId.of(content));
        assertThat(receipt.bytes()).isEqualTo(content.length);
        assertThat(receipt.creator()).isEqualTo(ADA.id());
        assertThat(receipt.time()).isEqualTo(ROOMS.now());
        assertThat(receipt.alsoClaimedBy()).isEmpty();
        assertThat(ROOMS.blobs().read(receipt.content())).isEqualTo(content);

        StoredManifest stored = ROOMS.ingest().manifest(receipt.manifestId()).orElseThrow();
        assertThat(stored.manifest().document()).isEqualTo(manifest);
        assertThat(stored.receipt()).isEqualTo(receipt);
        assertThat(stored.uploader()).isEqualTo(ADA.id());
        assertThat(ROOMS.logText()).contains(receipt.manifestId()).contains(receipt.receipt());
        assertThat(ROOMS.ingest().manifest("mf-" + "0".repeat(40))).isEmpty();
        assertThat(ROOMS.ingest().manifest("anything else")).isEmpty();
    }

    @Test
    void aReceiptVerifiesOfflineAndNotWhenChanged() {
        byte[] content = Manifests.bytes("receipted");
        UploadReceipt receipt =
                upload(ADA, Manifests.complete("ada", content), content).orThrow();
        String compact = receipt.receipt();
        assertThat(UploadReceipt.verify(compact, TestRooms.keyOf("platform"), Ed25519.verifier()))
                .isEqualTo(receipt);
        assertThatThrownBy(() -> UploadReceipt.verify(compact, TestRooms.keyOf("ada"), Ed25519.verifier()))
                .isInstanceOf(MalformedException.class);
        for (int i = 0; i < compact.length(); i += 7) {
            String changed =
                    compact.substring(0, i) + (compact.charAt(i) == 'A' ? 'B' : 'A') + compact.substring(i + 1);
            assertThatThrownBy(() -> UploadReceipt.verify(changed, TestRooms.keyOf("platform"), Ed25519.verifier()))
                    .as(changed)
                    .isInstanceOf(MalformedException.class);
        }
        assertThat(receipt.document().members().keySet())
                .containsExactlyInAnyOrder("manifest_id", "content_id", "bytes", "signer", "time", "receipt");
    }

    @Test
    void theSameManifestAgainIsTheSameReceipt() {
        byte[] content = Manifests.bytes("twice");
        Json.Obj manifest = Manifests.complete("ada", content);
        UploadReceipt first = upload(ADA, manifest, content).orThrow();
        long entries = ROOMS.logSize();
        ROOMS.advance(Duration.ofMinutes(1));
        assertThat(upload(ADA, manifest, content)).isEqualTo(Outcome.repeated(first));
        assertThat(ROOMS.logSize()).isEqualTo(entries);
        Outcome<UploadReceipt> lie = upload(ADA, manifest, Manifests.bytes("thrice"));
        assertThat(lie.refusal().map(Problem::type)).contains("manifest/content-id-mismatch");
    }

    @Test
    void theSameUploadThatCannotNameItsManifestIsRecognisedToo() {
        byte[] content = Manifests.bytes("nameless twice");
        Json.Obj manifest = Manifests.least("ada").with("path", Json.of("p"));
        UploadReceipt first = upload(ADA, manifest, content).orThrow();
        ROOMS.advance(Duration.ofHours(1));
        assertThat(upload(ADA, manifest, content)).isEqualTo(Outcome.repeated(first));
        Json.Obj named = ROOMS.ingest()
                .manifest(first.manifestId())
                .orElseThrow()
                .manifest()
                .document();
        assertThat(upload(ADA, named, content)).isEqualTo(Outcome.repeated(first));
        UploadReceipt other =
                upload(ADA, manifest.with("path", Json.of("q")), content).orThrow();
        assertThat(other.manifestId()).isNotEqualTo(first.manifestId());
    }

    @Test
    void anotherCreatorsSameContentIsTakenAndNoted() {
        byte[] content = Manifests.bytes("claimed by two");
        UploadReceipt first =
                upload(ADA, Manifests.complete("ada", content), content).orThrow();
        assertThat(first.alsoClaimedBy()).isEmpty();
        UploadReceipt second =
                upload(BEA, Manifests.complete("bea", content), content).orThrow();
        assertThat(second.manifestId()).isNotEqualTo(first.manifestId());
        assertThat(second.alsoClaimedBy()).containsExactly(ADA.id());
        assertThat(ROOMS.ingest()
                        .manifest(first.manifestId())
                        .orElseThrow()
                        .receipt()
                        .alsoClaimedBy())
                .containsExactly(BEA.id());
        assertThat(second.document().toString()).doesNotContain("\"ada\"");
    }

    @Test
    void anEmptyFileIsAWork() {
        UploadReceipt receipt = upload(ADA, Manifests.least("ada").with("path", Json.of("empty")), new byte[0])
                .orThrow();
        assertThat(receipt.bytes()).isZero();
        assertThat(receipt.content()).isEqualTo(ContentId.of(new byte[0]));
        assertThat(ROOMS.blobs().read(receipt.content())).isEmpty();
    }

    @Test
    void oddNamesAreKeptExactly() {
        String path = "dir with space/ü/株式/\u202Egnp.exe 🎻/a..b";
        byte[] content = Manifests.bytes("oddly named");
        UploadReceipt receipt = upload(ADA, Manifests.least("ada").with("path", Json.of(path)), content)
                .orThrow();
        StoredManifest stored = ROOMS.ingest().manifest(receipt.manifestId()).orElseThrow();
        assertThat(stored.manifest().form().description().path()).contains(path);
        for (String hostile : List.of(path + "\r\nx", path + "/../..", path + "\u001b[2J")) {
            assertThat(upload(ADA, Manifests.least("ada").with("path", Json.of(hostile)), content)
                            .refusal()
                            .orElseThrow()
                            .type())
                    .isEqualTo("manifest/path");
        }
    }

    @Test
    void largeContentIsStreamed() throws IOException {
        byte[] content = new byte[900_000];
        new SplittableRandom(1).nextBytes(content);
        UploadReceipt receipt =
                upload(ADA, Manifests.complete("ada", content), content).orThrow();
        assertThat(ROOMS.blobs().read(receipt.content())).isEqualTo(content);
        content[5] ^= 1;
        UploadReceipt unnamed = upload(ADA, Manifests.least("ada"), content).orThrow();
        assertThat(unnamed.content()).isEqualTo(ContentId.of(content));
        assertThat(ROOMS.blobs().size(unnamed.content())).hasValue(900_000);
    }

    @ParameterizedTest
    @CsvSource({"10", "100000"})
    void contentMustBeWhatTheManifestNames(int length) {
        byte[] content = new byte[length];
        content[3] = 42;
        Json.Obj manifest = Manifests.complete("ada", content);
        byte[] other = content.clone();
        other[length - 1] = 7;
        assertRefused("manifest/content-id-mismatch", ADA, manifest, other);
        assertRefused("manifest/content-id-mismatch", ADA, manifest, java.util.Arrays.copyOf(content, length - 1));
        assertRefused("manifest/content-id-mismatch", ADA, manifest, java.util.Arrays.copyOf(content, length + 1));
    }

    @Test
    void contentHasALimit() {
        assertRefused("upload/too-large", ADA, Manifests.least("ada"), new byte[(int) LIMIT + 1]);
        assertRefused(
                "upload/too-large",
                ADA,
                Manifests.least("ada").with("bytes", Json.of(LIMIT + 1)),
                Manifests.bytes("declared too long"));
        assertThat(upload(ADA, Manifests.least("ada"), new byte[(int) LIMIT]).isAccepted())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0", "100", "70000", "300000"})
    void aBrokenConnectionChangesNothing(int after) {
        long entries = ROOMS.logSize();
        Outcome<UploadReceipt> outcome =
                ROOMS.ingest().upload(ADA, ManifestDraft.parse(Manifests.least("ada")), breaking(after));
        assertThat(outcome.refusal().map(Problem::type)).contains("upload/broken-off");
        assertThat(ROOMS.logSize()).isEqualTo(entries);
    }

    /** Gives so many bytes and then fails as a closed connection does. */
    static InputStream breaking(int after) {
        return new InputStream() {
            private int left = after;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    throw new IOException("connection reset");
                }
                int given = Math.min(length, left);
                java.util.Arrays.fill(buffer, offset, offset + given, (byte) 'x');
                left -= given;
                return given;
            }
        };
    }

    /** Who uploads in whose name, signed by whom; and what comes of it. */
    @ParameterizedTest
    @CsvSource({
        "ada, CREATOR,  ada,    ada,  accepted",
        "ada, CREATOR,  ada,    none, accepted",
        "ada, CREATOR,  ada,    bea,  manifest/signature-key",
        "bea, CREATOR,  ada,    none, upload/not-yours",
        "bea, CREATOR,  ada,    ada,  upload/not-yours",
        "cai, CURATOR,  ada,    ada,  accepted",
        "cai, CURATOR,  ada,    none, upload/signature-needed",
        "cai, CURATOR,  ada,    cai,  manifest/signature-key",
        "cai, CURATOR,  cai,    cai,  upload/creator-unknown",
        "ops, OPERATOR, ada,    ada,  accepted",
        "ops, OPERATOR, ada,    none, upload/signature-needed",
        "bob, BUYER,    ada,    ada,  upload/role",
        "aud, AUDITOR,  ada,    ada,  upload/role",
        "ada, CREATOR,  nobody, none, upload/creator-unknown"
    })
    void whoMayUpload(String uploader, Role role, String creator, String signer, String result) {
        byte[] content = Manifests.bytes(String.join(" ", "by", uploader, creator, signer));
        Json.Obj manifest = Manifests.complete(creator, content);
        Json.Obj sent = signer.equals("none") ? manifest : ManifestSignature.sign(manifest, TestRooms.signer(signer));
        Principal principal = new Principal(new PartyId(uploader), role);
        if (result.equals("accepted")) {
            UploadReceipt receipt = upload(principal, sent, content).orThrow();
            assertThat(ROOMS.ingest()
                            .manifest(receipt.manifestId())
                            .orElseThrow()
                            .uploader())
                    .isEqualTo(principal.id());
        } else {
            assertRefused(result, principal, sent, content);
        }
    }

    @Test
    void whatIsWrongWithAManifestIsFoundBeforeAByteIsRead() {
        byte[] content = Manifests.bytes("never read");
        InputStream untouchable = breaking(0);
        for (Json.Obj wrong : List.of(
                Manifests.complete("nobody", content),
                Manifests.complete("ada", content)
                        .with("upload_ts", Json.of(ROOMS.now().plusSeconds(3600))),
                Manifests.complete("ada", content).with("content_id", Json.of("sha256:...")),
                ManifestSignature.sign(Manifests.complete("ada", content), TestRooms.signer("ada"))
                        .with("title", Json.of("changed")))) {
            assertThat(ROOMS.ingest()
                            .upload(ADA, ManifestDraft.parse(wrong), untouchable)
                            .refusal()
                            .map(Problem::type)
                            .orElseThrow())
                    .isNotEqualTo("upload/broken-off");
        }
    }

    @Test
    void theSameUploadFromManyThreadsIsOneEntry() throws Exception {
        byte[] content = Manifests.bytes("from many threads");
        Json.Obj nameless = Manifests.least("ada").with("title", Json.of("race"));
        long entries = ROOMS.logSize();
        List<UploadReceipt> receipts = new ArrayList<>();
        int fresh = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
            List<Future<Outcome<UploadReceipt>>> all = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                all.add(threads.submit(() -> upload(ADA, nameless, content)));
            }
            for (Future<Outcome<UploadReceipt>> one : all) {
                Outcome<UploadReceipt> outcome = one.get();
                fresh += outcome instanceof Outcome.Accepted<UploadReceipt> a && !a.repeated() ? 1 : 0;
                receipts.add(outcome.orThrow());
            }
        }
        assertThat(fresh).isEqualTo(1);
        assertThat(receipts.stream().distinct()).hasSize(1);
        assertThat(ROOMS.logSize()).isEqualTo(entries + 1);
    }

    @Test
    void differentUploadsFromManyThreadsAllArrive() throws Exception {
        long entries = ROOMS.logSize();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<UploadReceipt>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] content = Manifests.bytes("one of many " + i);
                all.add(threads.submit(() ->
                        upload(ADA, Manifests.complete("ada", content), content).orThrow()));
            }
            for (Future<UploadReceipt> one : all) {
                assertThat(ROOMS.ingest().manifest(one.get().manifestId())).isPresent();
            }
        }
        assertThat(ROOMS.logSize()).isEqualTo(entries + 64);
    }

    @Test
    void aKeyHandedOverSignsFromThenOn() {
        Principal dot = ROOMS.register("dot", Role.CREATOR);
        byte[] content = Manifests.bytes("signed with the new key");
        Json.Obj manifest = ManifestSignature.sign(Manifests.complete("dot", content), TestRooms.signer("dot-2"));
        assertRefused("manifest/signature-key", dot, manifest, content);
        byte[] message = Manifests.bytes("tallystick/party-key/v1\ndot\n" + TestRooms.keyOf("dot-2"));
        ROOMS.parties()
                .rotateKey(
                        dot.id(),
                        TestRooms.keyOf("dot-2"),
                        TestRooms.signer("dot").sign(message),
                        TestKeys.possession(
                                dot.id(),
                                Role.CREATOR,
                                TestRooms.signer("dot-2"),
                                TestRooms.keyOf("platform"),
                                ROOMS.now()))
                .orThrow();
        ROOMS.advance(Duration.ofSeconds(2));
        assertThat(upload(dot, manifest, content).isAccepted()).isTrue();
    }

    @Test
    void theLogGivesBackEveryRow() {
        byte[] content = Manifests.bytes("to be rebuilt");
        upload(ADA, Manifests.least("ada"), content).orThrow();
        upload(BEA, Manifests.complete("bea", content), content).orThrow();
        List<String> before = ROOMS.rows();
        ROOMS.sequencer().rebuild();
        assertThat(ROOMS.rows()).isEqualTo(before);
        ROOMS.restart();
        assertThat(ROOMS.rows()).isEqualTo(before);
        assertThat(upload(ADA, Manifests.least("ada"), content))
                .isInstanceOfSatisfying(
                        Outcome.Accepted.class, a -> assertThat(a.repeated()).isTrue());
    }
}
