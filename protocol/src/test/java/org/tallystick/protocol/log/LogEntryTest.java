package org.tallystick.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Fuzz;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.receipt.LeafForm;
import org.tallystick.protocol.receipt.SignedHeader;

/** The entries of the log, and {@code vectors/entry.json}. */
class LogEntryTest {
    private static final Instant TIME = Instant.parse("2026-01-05T12:34:56.789Z");
    private static final Json.Obj BODY = Json.object().put("b", 1).put("a", "ü").build();
    private static final LogEntry.DocumentEntry DOCUMENT = new LogEntry.DocumentEntry("manifest", TIME, BODY);
    private static final LogEntry.DocumentEntry SALTED =
            new LogEntry.DocumentEntry("manifest", TIME, BODY, Optional.of("000102030405060708090a0b0c0d0e0f"));
    private static final Json.Obj LONG_BODY =
            Json.object().put("text", "x".repeat(LogEntry.INLINE_MAX)).build();
    private static final LogEntry.DocumentEntry LONG = new LogEntry.DocumentEntry("contract", TIME, LONG_BODY);
    private static final Batch BATCH = Deliveries.batch(LeafForm.ONE, 101, 3, BatchHeader.NONE);
    private static final LogEntry.BatchEntry BATCH_ENTRY =
            new LogEntry.BatchEntry(Sha256.hash(BATCH.encode()), 4_000_000_000L, BATCH.length(), BATCH.signed());

    @Test
    void entriesRoundTrip() {
        assertThat(decode(DOCUMENT.encode())).isEqualTo(DOCUMENT);
        assertThat(text(DOCUMENT))
                .isEqualTo(
                        "{\"body\":{\"a\":\"ü\",\"b\":1},\"time\":\"2026-01-05T12:34:56.789Z\",\"type\":\"manifest\"}");
        assertThat(DOCUMENT.blob()).isEmpty();
        assertThat(decode(SALTED.encode())).isEqualTo(SALTED).isNotEqualTo(DOCUMENT);
        assertThat(decode(BATCH_ENTRY.encode())).isEqualTo(BATCH_ENTRY);
        assertThat(BATCH_ENTRY.encode()).hasSize(41 + SignedHeader.LENGTH).startsWith(1);
        assertThat(BATCH_ENTRY.blob()).isEmpty();
        assertThat(LogEntry.blobOf(BATCH_ENTRY.encode())).isEmpty();
        assertThat(LogEntry.blobOf(DOCUMENT.encode())).isEmpty();
    }

    @Test
    void longBodiesStandOutside() {
        byte[] blob = LONG.blob().orElseThrow();
        assertThat(blob).isEqualTo(Jcs.bytes(LONG_BODY));
        assertThat(text(LONG)).startsWith("{\"blob\":\"" + ContentId.of(blob) + "\",\"time\"");
        assertThat(LogEntry.blobOf(LONG.encode())).contains(ContentId.of(blob));
        assertThat(LogEntry.decode(LONG.encode(), id -> blob)).isEqualTo(LONG);
        CheckpointTest.assertReason(() -> LogEntry.decode(LONG.encode(), id -> new byte[] {'{', '}'}), "entry/blob");
        Assertions.assertThatThrownBy(() -> decode(LONG.encode())).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void theLimitIsExact() {
        int quotes = "{\"text\":\"\"}".length();
        for (int more = -1; more <= 1; more++) {
            String text = "x".repeat(LogEntry.INLINE_MAX - quotes + more);
            LogEntry entry = new LogEntry.DocumentEntry(
                    "note", TIME, Json.object().put("text", text).build());
            assertThat(entry.blob().isPresent()).isEqualTo(more > 0);
            assertThat(LogEntry.decode(entry.encode(), id -> entry.blob().orElseThrow()))
                    .isEqualTo(entry);
        }
    }

    @Test
    void theFileIsWhatTheCodeMakes() {
        List<Json> cases = new ArrayList<>();
        cases.add(vector("document", DOCUMENT.encode(), Optional.empty()));
        cases.add(vector("document with salt", SALTED.encode(), Optional.empty()));
        cases.add(vector("batch", BATCH_ENTRY.encode(), Optional.empty()));
        for (Object[] row : broken()) {
            cases.add(vector((String) row[0], (byte[]) row[1], Optional.of((String) row[2])));
        }
        Vectors.matches("entry.json", "Entries of the log, in hexadecimal; broken ones with the reason", cases);
    }

    private static List<Object[]> broken() {
        byte[] batch = BATCH_ENTRY.encode();
        byte[] wrongLength = batch.clone();
        wrongLength[40]++;
        byte[] wrongVersion = batch.clone();
        wrongVersion[41] = 9;
        String good = text(DOCUMENT);
        return List.of(
                row("empty", new byte[0], "entry/truncated"),
                row("unknown format", new byte[] {2, 3}, "entry/format"),
                row("batch cut off", Arrays.copyOf(batch, 100), "entry/truncated"),
                row("batch and more", Arrays.copyOf(batch, batch.length + 1), "entry/trailing"),
                row("batch of another length", wrongLength, "entry/length"),
                row("batch version", wrongVersion, "batch/version"),
                row("not JSON", "{\"body\"", "json/truncated"),
                row("spaces", good.replace(":1", ": 1"), "entry/not-canonical"),
                row(
                        "order",
                        "{\"type\":\"a\",\"body\":{},\"time\":\"2026-01-05T12:34:56.789Z\"}",
                        "entry/not-canonical"),
                row("null blob", good.replace("{\"body\"", "{\"blob\":null,\"body\""), "entry/not-canonical"),
                row("no time", good.replace("\"time\":\"2026-01-05T12:34:56.789Z\",", ""), "json/missing-member"),
                row("time in seconds", good.replace(".789Z", "Z"), "entry/time"),
                row("time with offset", good.replace("789Z", "789+00:00"), "entry/time"),
                row("no type", good.replace(",\"type\":\"manifest\"", ""), "json/missing-member"),
                row("type in capitals", good.replace("manifest", "Manifest"), "entry/type"),
                row("body a list", good.replace("{\"a\":\"ü\",\"b\":1}", "[]"), "json/not-an-object"),
                row("salt cut off", text(SALTED).replace("0e0f", "0e"), "entry/salt"),
                row("salt in capitals", text(SALTED).replace("0e0f", "0E0F"), "entry/salt"),
                row(
                        "no salt",
                        text(SALTED).replace("\"000102030405060708090a0b0c0d0e0f\"", "null"),
                        "entry/not-canonical"),
                row("member unknown", good.replace("\"manifest\"", "\"manifest\",\"z\":1"), "json/unknown-member"),
                row(
                        "member twice",
                        good.replace("\"type\"", "\"type\":\"manifest\",\"type\""),
                        "json/duplicate-member"),
                row(
                        "blob malformed",
                        good.replace("\"body\":{\"a\":\"ü\",\"b\":1}", "\"blob\":\"x\""),
                        "content-id/malformed"));
    }

    @Test
    void theCodeAgreesWithTheFile() {
        for (Fields vector : Vectors.cases("entry.json")) {
            byte[] bytes = HexFormat.of().parseHex(vector.text("entry"));
            Optional<String> reason = vector.optionalText("reason");
            if (reason.isPresent()) {
                CheckpointTest.assertReason(() -> decode(bytes), reason.get());
            } else {
                assertThat(decode(bytes).encode()).isEqualTo(bytes);
            }
        }
    }

    @Test
    void blobsThatNeedNotBe() {
        byte[] blob = Jcs.bytes(BODY);
        String entry =
                "{\"blob\":\"" + ContentId.of(blob) + "\",\"time\":\"2026-01-05T12:34:56.789Z\",\"type\":\"manifest\"}";
        CheckpointTest.assertReason(() -> LogEntry.decode(utf8(entry), id -> blob), "entry/blob-needless");
        String loose = "{ \"text\":\"" + "x".repeat(LogEntry.INLINE_MAX) + "\"}";
        String named =
                "{\"blob\":\"" + ContentId.of(utf8(loose)) + "\",\"time\":\"2026-01-05T12:34:56.789Z\",\"type\":\"a\"}";
        CheckpointTest.assertReason(() -> LogEntry.decode(utf8(named), id -> utf8(loose)), "entry/not-canonical");
        CheckpointTest.assertReason(() -> decode(new byte[65_536]), "entry/too-long");
    }

    @Test
    void fuzzedEntries() {
        Seeds.check(2000, random -> {
            byte[] fuzzed = Fuzz.mutate(random, random.nextBoolean() ? DOCUMENT.encode() : BATCH_ENTRY.encode());
            try {
                assertThat(decode(fuzzed).encode()).isEqualTo(fuzzed);
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(entry|json|batch|time|content-id)/[a-z0-9-]+");
            } catch (NoSuchElementException e) {
                assertThat(LogEntry.blobOf(fuzzed)).isPresent();
            }
        });
    }

    private static LogEntry decode(byte[] entry) {
        return LogEntry.decode(entry, id -> {
            throw new NoSuchElementException(id.toString());
        });
    }

    private static Object[] row(String name, byte[] bytes, String reason) {
        return new Object[] {name, bytes, reason};
    }

    private static Object[] row(String name, String text, String reason) {
        return row(name, utf8(text), reason);
    }

    private static Json vector(String name, byte[] entry, Optional<String> reason) {
        return Json.object()
                .put("name", name)
                .put("entry", HexFormat.of().formatHex(entry))
                .putIfPresent("reason", reason)
                .build();
    }

    private static String text(LogEntry entry) {
        return new String(entry.encode(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
