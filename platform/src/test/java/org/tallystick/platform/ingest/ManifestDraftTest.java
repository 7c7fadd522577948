package org.tallystick.platform.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.ContentId;

/** The form of manifests, without any content or database. */
class ManifestDraftTest {
    private static final String SAMPLE = """
        {
          "content_id": "sha256:...",
          "creator_id": "creator:12345",
          "license_uri": "https://marketplace.example/licenses/6789",
          "upload_ts": "2026-01-10T12:00:00Z",
          "attribution": "byline string",
          "provenance_chain": []
        }
        """;
    private static final byte[] CONTENT = Manifests.bytes("a work");
    private static final Instant NOW = TestRooms.START;

    @Test
    void theSampleParsesAsItStandsAndIsRefusedForItsContent() {
        ManifestDraft draft = ManifestDraft.parse(Manifests.bytes(SAMPLE));
        assertThat(draft.creator()).isEqualTo(new PartyId("creator:12345"));
        assertThat(draft.contentId()).contains("sha256:...");
        assertThat(draft.uploadTs()).contains(Instant.parse("2026-01-10T12:00:00Z"));
        assertThat(draft.description().attribution()).contains("byline string");
        assertThat(draft.description().provenance()).isEmpty();
        assertReason("manifest/content-id-mismatch", () -> draft.check(NOW));
    }

    @Test
    void everyMemberIsRead() {
        ManifestDraft draft = ManifestDraft.parse(Manifests.bytes("""
            {"creator_id":"c","license_uri":"urn:licence:1","origin_url":"https://a.example/x","media_type":
            "text/plain; charset=utf-8","path":"a/b","title":"T","bytes":6,"provenance_chain":[{"entity":"sha256:x",
            "activity":"scan","agent":"Bo","time":"2025-01-01T00:00:00+01:00"},{"activity":"ocr"}],
            "signature":{"key":"did:key:…","sig":"0x…"}}\
            """));
        assertThat(draft.description().originUrl()).contains("https://a.example/x");
        assertThat(draft.description().mediaType()).contains("text/plain; charset=utf-8");
        assertThat(draft.description().path()).contains("a/b");
        assertThat(draft.description().title()).contains("T");
        assertThat(draft.bytes()).contains(6L);
        assertThat(draft.description().provenance())
                .containsExactly(
                        new ProvenanceStep(
                                Optional.of("sha256:x"),
                                Optional.of("scan"),
                                Optional.of("Bo"),
                                Optional.of(Instant.parse("2024-12-31T23:00:00Z"))),
                        new ProvenanceStep(Optional.empty(), Optional.of("ocr"), Optional.empty(), Optional.empty()));
        assertThat(draft.signature()).contains(new ManifestSignature("did:key:…", "0x…"));
    }

    /** What is replaced in, or added to, the least manifest; and why it is refused then. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "creator_id       | absent                          | json/missing-member",
                "creator_id       | \"\"                            | manifest/creator-id",
                "creator_id       | \"with space\"                  | manifest/creator-id",
                "creator_id       | 7                               | json/wrong-type",
                "license_uri      | absent                          | json/missing-member",
                "license_uri      | \"\"                            | json/text-length",
                "license_uri      | \"CC BY 4.0\"                   | manifest/license-uri",
                "license_uri      | \"licenses/1\"                  | manifest/license-uri",
                "license_uri      | null                            | json/missing-member",
                "origin_url       | \"no url\"                      | manifest/origin-url",
                "origin_url       | \"/relative\"                   | manifest/origin-url",
                "media_type       | \"text\"                        | manifest/media-type",
                "media_type       | \"text/pl\\nain\"               | manifest/media-type",
                "media_type       | \"text/plain;\\r\\nX: y\"       | manifest/media-type",
                "upload_ts        | \"yesterday\"                   | time/malformed",
                "upload_ts        | \"2026-01-10\"                  | time/malformed",
                "upload_ts        | \"1969-01-01T00:00:00Z\"        | time/out-of-range",
                "bytes            | -1                              | json/number-out-of-range",
                "bytes            | 1.5                             | json/not-an-integer",
                "bytes            | \"6\"                           | json/wrong-type",
                "path             | [\"a\"]                         | json/wrong-type",
                "path             | \"a\\u0000b\"                   | manifest/nul",
                "title            | {\"en\":\"T\"}                  | json/wrong-type",
                "provenance_chain | {}                              | json/wrong-type",
                "provenance_chain | [\"scanned\"]                   | json/not-an-object",
                "provenance_chain | [{}]                            | manifest/provenance",
                "provenance_chain | [{\"agent\":\"Bo\"}]            | manifest/provenance",
                "provenance_chain | [{\"activity\":\"x\",\"by\":1}] | json/unknown-member",
                "provenance_chain | [{\"activity\":\"x\",\"time\":1}] | json/wrong-type",
                "provenance_chain | [{\"activity\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":1}}}}}}}] |"
                        + " manifest/too-deep",
                "signature        | \"0xabc\"                       | json/not-an-object",
                "signature        | {\"key\":\"k\"}                 | json/missing-member",
                "signature        | {\"key\":\"k\",\"sig\":\"s\",\"alg\":\"none\"} | json/unknown-member",
                "licence_uri      | \"https://misspelt.example\"    | json/unknown-member",
                "content_id       | 5                               | json/wrong-type"
            })
    void whatIsWrongIsSaid(String member, String value, String reason) {
        Json.Obj least = Manifests.least("c");
        Json.Obj wrong = value.equals("absent") ? least.without(member) : least.with(member, Json.parse(value));
        assertReason(reason, () -> ManifestDraft.parse(wrong));
        assertReason(reason, () -> ManifestDraft.parse(Jcs.bytes(wrong)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "''                       | json/truncated",
                "[]                       | json/not-an-object",
                "{\"creator_id\":\"c\",   | json/truncated",
                "{\"title\":\"a\",\"title\":\"b\"} | json/duplicate-member",
                "{\"title\":\"\\ud800\"}  | json/lone-surrogate",
                "{} {}                    | json/trailing"
            })
    void textThatIsNoManifestIsRefused(String text, String reason) {
        assertReason(reason, () -> ManifestDraft.parse(Manifests.bytes(text.equals("''") ? "" : text)));
    }

    @Test
    void lengthsAreBounded() {
        Json.Obj least = Manifests.least("c");
        assertReason("json/text-length", () -> ManifestDraft.parse(least.with("path", Json.of("p".repeat(4_097)))));
        assertReason("json/text-length", () -> ManifestDraft.parse(least.with("title", Json.of("t".repeat(2_001)))));
        Json step = Json.object().put("activity", "x").build();
        assertReason(
                "manifest/provenance",
                () -> ManifestDraft.parse(
                        least.with("provenance_chain", Json.array(java.util.Collections.nCopies(65, step)))));
        Json big = Json.object().put("activity", "x".repeat(2_000)).build();
        assertReason(
                "manifest/too-large",
                () -> ManifestDraft.parse(
                        least.with("provenance_chain", Json.array(java.util.Collections.nCopies(20, big)))));
        assertReason("manifest/too-large", () -> ManifestDraft.parse(new byte[ManifestDraft.MAX_BYTES * 2 + 1]));
    }

    @Test
    void anythingASenderCanSayIsSaidExactly() {
        String odd = "über/株式 会社/\u202Eevil\n\t\u0007.txt 🎻";
        ManifestDraft draft = ManifestDraft.parse(Manifests.least("c").with("path", Json.of(odd)));
        Manifest manifest = draft.complete(ContentId.of(CONTENT), CONTENT.length, NOW);
        assertThat(manifest.form().description().path()).contains(odd);
        assertThat(Manifest.parse(Json.parseObject(Jcs.bytes(manifest.document()))))
                .isEqualTo(Manifest.parse(manifest.document()));
    }

    @Test
    void whatTheSenderLeftOutIsCompleted() {
        ManifestDraft draft = ManifestDraft.parse(Manifests.least("c"));
        Manifest manifest = draft.complete(ContentId.of(CONTENT), CONTENT.length, NOW);
        assertThat(manifest.content()).isEqualTo(ContentId.of(CONTENT));
        assertThat(manifest.uploaded()).isEqualTo(NOW);
        assertThat(manifest.id()).matches("mf-[0-9a-f]{40}").isEqualTo(Manifest.idOf(manifest.document()));
        assertThat(manifest.request()).isPresent();

        Manifest later = draft.complete(ContentId.of(CONTENT), CONTENT.length, NOW.plusSeconds(9));
        assertThat(later.id()).isNotEqualTo(manifest.id());
        assertThat(later.request()).as("the same request all the same").isEqualTo(manifest.request());

        Manifest said = ManifestDraft.parse(manifest.document()).complete(ContentId.of(CONTENT), CONTENT.length, NOW);
        assertThat(said.id()).isEqualTo(manifest.id());
        assertThat(said.request())
                .as("its time is now the sender's, so it is another request")
                .isPresent()
                .isNotEqualTo(manifest.request());
    }

    @Test
    void theContentMustBeTheOneNamed() {
        ManifestDraft draft = ManifestDraft.parse(Manifests.complete("c", CONTENT));
        ContentId other = ContentId.of(new byte[0]);
        assertReason("manifest/content-id-mismatch", () -> draft.complete(other, CONTENT.length, NOW));
        assertReason("manifest/bytes-mismatch", () -> draft.complete(ContentId.of(CONTENT), 7, NOW));
        for (String text : List.of("sha256:", "sha1:abc", "SHA256:" + "0".repeat(64), "sha256:" + "A".repeat(64))) {
            ManifestDraft wrong = ManifestDraft.parse(Manifests.least("c").with("content_id", Json.of(text)));
            assertReason("manifest/content-id-mismatch", () -> wrong.check(NOW));
        }
    }

    @Test
    void theFutureIsRefusedBeyondTheDriftOfClocks() {
        Json.Obj least = Manifests.least("c");
        ManifestDraft.parse(least.with("upload_ts", Json.of(NOW.plusSeconds(299))))
                .check(NOW);
        assertReason(
                "manifest/future-dated",
                () -> ManifestDraft.parse(least.with("upload_ts", Json.of(NOW.plusSeconds(301))))
                        .check(NOW));
    }

    @Test
    void aSignedManifestIsComplete() {
        for (String missing : List.of("content_id", "upload_ts")) {
            Json.Obj signed =
                    ManifestSignature.sign(Manifests.complete("c", CONTENT).without(missing), TestRooms.signer("c"));
            assertReason(
                    "manifest/signed-incomplete",
                    () -> ManifestDraft.parse(signed).check(NOW));
        }
    }

    @Test
    void aSignatureIsTheCreatorsOverTheWholeManifest() {
        Json.Obj signed = ManifestSignature.sign(Manifests.complete("c", CONTENT), TestRooms.signer("c"));
        verify(signed);
        verify(Json.parseObject(Jcs.bytes(signed)));
        assertReason("manifest/signature-wrong", () -> verify(signed.with("title", Json.of("added"))));
        assertReason("manifest/signature-wrong", () -> verify(signed.without("bytes")));
        assertReason(
                "manifest/signature-key",
                () -> verify(ManifestSignature.sign(Manifests.complete("c", CONTENT), TestRooms.signer("eve"))));
        String key = TestRooms.keyOf("c").toString();
        for (String sig : List.of("0xdeadbeef...", "", "0x" + "0".repeat(127), "0x" + "g".repeat(128))) {
            Json.Obj wrong = signed.with(
                    "signature",
                    Json.object()
                            .put("key", key)
                            .put("sig", sig.isEmpty() ? "-" : sig)
                            .build());
            assertReason("manifest/signature-malformed", () -> verify(wrong));
        }
        Json.Obj zero = signed.with(
                "signature",
                Json.object().put("key", key).put("sig", "0x" + "0".repeat(128)).build());
        assertReason("manifest/signature-wrong", () -> verify(zero));
    }

    private static void verify(Json.Obj document) {
        ManifestDraft draft = ManifestDraft.parse(document);
        draft.signature().orElseThrow().verify(draft.document(), TestRooms.keyOf("c"), Ed25519.verifier());
    }

    /** Whatever the bytes, the answer is a manifest or a reason, and a manifest survives being written and read. */
    @Test
    void anyBytesAreAManifestOrAReason() {
        byte[] sound = Jcs.bytes(ManifestSignature.sign(
                Manifests.complete("c", CONTENT)
                        .with("path", Json.of("ü/b"))
                        .with("provenance_chain", Json.parse("[{\"entity\":\"e\",\"activity\":\"a\"}]")),
                TestRooms.signer("c")));
        Seeds.check(3_000, random -> {
            byte[] bytes = sound.clone();
            int changes = random.nextInt(1, 4);
            for (int i = 0; i < changes; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            try {
                ManifestDraft draft = ManifestDraft.parse(cut);
                assertThat(ManifestDraft.parse(Jcs.bytes(draft.document()))).isEqualTo(draft);
                assertThat(draft.document())
                        .as("a change that parses is seen by the signature")
                        .satisfiesAnyOf(
                                d -> assertThat(Jcs.bytes(d)).isEqualTo(sound),
                                d -> assertThatThrownBy(() -> verify(d)).isInstanceOf(RuntimeException.class));
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("[a-z-]+/[a-z0-9-]+");
                assertThat(e.detail()).isNotBlank().hasSizeLessThan(600);
            }
        });
    }

    @Test
    void aReasonIsAProblemToo() {
        assertThat(IngestProblems.refusing(() -> {
                            throw new MalformedException("manifest/nul", "why");
                        })
                        .refusal()
                        .orElseThrow()
                        .type())
                .isEqualTo("manifest/nul");
        assertThat(IngestProblems.refusing(() -> {
                            throw new RefusedException(IngestProblems.uploadBusy());
                        })
                        .refusal())
                .contains(IngestProblems.uploadBusy());
        assertThat(new String(Jcs.bytes(Json.of("x")), StandardCharsets.UTF_8)).isEqualTo("\"x\"");
    }

    private static void assertReason(String reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
        assertThatThrownBy(code)
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).as(e.detail()).isEqualTo(reason));
    }
}
