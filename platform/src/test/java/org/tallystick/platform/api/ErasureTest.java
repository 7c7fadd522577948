package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.audit.Finding;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.SaltedText;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.sdk.DatasetMembers;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.ManifestDraft;
import org.tallystick.sdk.UploadReceipt;

/**
 * What a person could be known by stays out of the log, is shown to that person, and goes when it is asked to: from answers,
 * searches and tables, for good. Every free text of the platform carries the name Quux here.
 */
final class ErasureTest {
    private static final String NAME = "quux";

    /** The name as a word: within the letters of a key or hash it may stand by chance. */
    private static final Pattern WORD = Pattern.compile("(?i)(?<![A-Za-z0-9_-])" + NAME + "(?![A-Za-z0-9_-])");

    private static final byte[] WORK = "the work itself".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path data;

    private ApiFixture stage;
    private DatasetVersion version;
    private UploadReceipt signed;
    private UploadReceipt unsigned;

    @BeforeEach
    void everybodyWritesAName() {
        stage = ApiFixture.open(data).withCast();
        assertThat(stage.send(
                                "ada",
                                "PUT",
                                "/parties/ada/profile",
                                Map.of("Content-Type", "application/json"),
                                "{\"display_name\":\"Zelda Quux\"}")
                        .status())
                .isEqualTo(200);
        ManifestDraft draft = ManifestDraft.of("ada", ApiFixture.LICENCE)
                .mediaType("text/plain")
                .path("home/quux/diary.txt")
                .title("Diary of Zelda Quux")
                .attribution("by Zelda Quux")
                .origin("https://quux.example/diary")
                .provenance(List.of(Json.parse("{\"activity\":\"written\",\"agent\":\"Zelda Quux\"}")));
        signed = stage.client("ada")
                .upload(draft.content(ContentId.of(WORK)).uploaded(stage.now()).sign(stage.signer("ada")), WORK);
        unsigned = stage.client("ada").upload(draft, "another work".getBytes(StandardCharsets.UTF_8));
        version = stage.client("cleo")
                .publish(
                        "hn-letters",
                        "Letters of the Quux family",
                        "collected by Zelda Quux",
                        Map.of(signed.content(), "ada", unsigned.content(), "ada"));
        negotiate();
        revoke();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void negotiate() {
        Json.Obj terms = ApiFixture.terms("cnf-talk", version, "dan").without("signatures");
        String offer = Json.object()
                .put("document", terms)
                .put("message", "dear Ms Quux")
                .build()
                .toString();
        ApiFixture.Reply opened = stage.post("dan", "/negotiations", offer);
        assertThat(opened.status()).as(opened.body()).isEqualTo(201);
        String id = Fields.of(opened.json(), "negotiation").text("negotiation_id");
        assertThat(stage.post("cleo", "/negotiations/" + id + "/termination", "{\"reason\":\"Quux said no\"}")
                        .status())
                .isEqualTo(200);
    }

    private void revoke() {
        stage.client("dan").conclude(stage.contract("cnf-quick", version, "dan", List.of("ada")));
        ApiFixture.Reply revoked =
                stage.post("cleo", "/contracts/cnf-quick/revoke", "{\"reason\":\"Zelda Quux withdrew\"}");
        assertThat(revoked.status()).as(revoked.body()).isLessThan(300);
        int edge = stage.client("operator").registerEdge("fra-1").edge();
        ApiFixture.Reply gone =
                stage.post("operator", "/edges/" + edge + "/revoke", "{\"reason\":\"Quux lost its key\"}");
        assertThat(gone.status()).as(gone.body()).isLessThan(300);
    }

    private List<String> entriesThatName() {
        var log = stage.platform().platform().log();
        return log.entries(0, log.size()).stream()
                .map(entry -> new String(entry, StandardCharsets.UTF_8))
                .filter(text -> text.toLowerCase(Locale.ROOT).contains(NAME))
                .toList();
    }

    private List<Path> filesThatName() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String folder : List.of("log", "blobs", "uploads")) {
            try (Stream<Path> files = Files.walk(data.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                    if (WORD.matcher(text).find()) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    /** Rows of any table that hold the name. */
    private List<String> rowsThatName() {
        return stage.platform().platform().database().read(tx -> {
            List<String> tables = tx.select("select table_schema || '.' || table_name from information_schema.tables"
                            + " where table_type = 'BASE TABLE'"
                            + " and table_schema not in ('pg_catalog', 'information_schema')")
                    .mapTo(String.class)
                    .list();
            List<String> rows = new ArrayList<>();
            for (String table : tables) {
                tx.select("select t::text from " + table + " t where t::text ~* ?", "\\m" + NAME + "\\M")
                        .mapTo(String.class)
                        .forEach(row -> rows.add(table + " " + row));
            }
            return rows;
        });
    }

    /** Answers kept under an idempotency key that hold the name; their bodies are bytes. */
    private long answersThatName() {
        return stage.platform()
                .platform()
                .database()
                .read(tx -> tx.select("select count(*) from api.idempotency where encode(body, 'escape') ~* ?", NAME)
                        .mapTo(Long.class)
                        .one());
    }

    private List<String> differences() {
        return stage.platform().platform().fsck().run(area -> {}).stream()
                .map(Finding::differences)
                .flatMap(List::stream)
                .toList();
    }

    private ApiFixture.Reply erase(String who, String party) {
        return stage.post(who, "/parties/" + party + "/erasure", "{}");
    }

    @Test
    void nothingAPersonCouldBeKnownByEntersLogOrBlobs() throws IOException {
        assertThat(entriesThatName()).isEmpty();
        assertThat(filesThatName()).isEmpty();
        assertThat(rowsThatName())
                .as("it is kept, in personal tables alone but for the words by which datasets are found")
                .isNotEmpty()
                .allMatch(row -> row.startsWith("log.personal_")
                        || row.startsWith("party.personal_")
                        || row.startsWith("catalog.dataset "));
        assertThat(differences()).isEmpty();
    }

    @Test
    void whatWasWrittenIsShownAndProven() {
        for (UploadReceipt receipt : List.of(signed, unsigned)) {
            Fields found = Fields.of(
                    stage.get("dan", "/manifests/" + receipt.manifestId()).json(), "manifest");
            assertThat(found.fields("manifest").text("attribution")).isEqualTo("by Zelda Quux");
            Fields proof = found.fields("proof");
            SaltedText shown = new SaltedText(
                    proof.text("salt"), found.fields("manifest").object().toString());
            assertThat(committed(proof.integer("position", 0, Long.MAX_VALUE), "document"))
                    .isEqualTo(new Words.Commitment(
                            shown.commitment(), new org.tallystick.platform.kernel.PartyId("ada")));
        }
        DatasetMembers members = stage.client("dan").members(version.root());
        assertThat(members.isWhole()).isTrue();
        assertThat(members.members())
                .allSatisfy(member -> assertThat(member.path()).isEqualTo("home/quux/diary.txt"));
        assertThat(search()).containsExactly("Letters of the Quux family");
    }

    private Words.Commitment committed(long position, String member) {
        if (stage.platform().platform().sequencer().entry(position) instanceof LogEntry.DocumentEntry document) {
            return Words.commitment(document.body(), member).orElseThrow();
        }
        throw new AssertionError("no document at " + position);
    }

    private List<String> search() {
        return Fields.of(
                        stage.get("dan", "/marketplace/datasets?q=quux%20family")
                                .json(),
                        "page")
                .objects("items")
                .stream()
                .map(item -> item.text("title"))
                .toList();
    }

    @Test
    void theErasedAreNoLongerShownFoundOrRebuilt() throws IOException {
        assertThat(answersThatName()).as("publishing was answered").isPositive();
        ApiFixture.Reply reply = erase("ada", "ada");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        Fields erased = Fields.of(reply.json(), "erased");
        assertThat(erased.integer("words", 0, 100)).isEqualTo(4);
        assertThat(erased.strings("kept")).isNotEmpty();
        for (String other : List.of("cleo", "dan", "operator")) {
            assertThat(erase(other.equals("operator") ? "operator" : other, other)
                            .status())
                    .as(other)
                    .isEqualTo(other.equals("operator") ? 409 : 200);
        }
        assertErased();
        stage.platform().platform().rebuild().run();
        assertErased();
        stage.platform().restart();
        assertErased();
        assertThat(erase("operator", "ada").status()).as("again").isEqualTo(200);
    }

    private void assertErased() throws IOException {
        assertThat(rowsThatName()).allMatch(row -> row.contains("Quux lost its key")); // the operator's own words
        assertThat(answersThatName()).isZero();
        assertThat(filesThatName()).isEmpty();
        Json.Obj manifest =
                stage.get("fay", "/manifests/" + signed.manifestId()).json();
        assertThat(manifest.toString()).contains(signed.content().toString()).doesNotContainIgnoringCase(NAME);
        assertThat(stage.get("fay", "/manifests/" + signed.manifestId() + "?format=ro-crate")
                        .status())
                .isEqualTo(200);
        assertThat(stage.get("fay", "/manifests/" + signed.manifestId() + "?format=prov")
                        .status())
                .isEqualTo(200);
        assertThat(search()).isEmpty();
        DatasetMembers members = stage.client("fay").members(version.root());
        assertThat(members.isWhole()).as("the root holds without the words").isTrue();
        assertThat(members.members())
                .allSatisfy(member ->
                        assertThat(member.path()).isEqualTo(member.content().hex()));
        assertThat(stage.get("fay", "/contracts/cnf-quick").body()).doesNotContainIgnoringCase(NAME);
        assertThat(stage.get("fay", "/parties/ada").body()).contains("ada").doesNotContainIgnoringCase(NAME);
        assertThat(differences()).isEmpty();
    }

    @Test
    void anErasedTextIsToldFromALostOne() {
        long place = position(signed);
        ApiFixture.Reply one =
                stage.post("operator", "/words/erasure", "{\"position\":" + place + ",\"member\":\"document\"}");
        assertThat(one.status()).as(one.body()).isEqualTo(200);
        assertThat(differences()).isEmpty();
        var database = stage.platform().platform().database();
        database.write(
                tx -> tx.execute("delete from log.personal_words where position = ? and member = 'path'", place));
        assertThat(differences())
                .singleElement()
                .asString()
                .contains("log entry " + place + ": the words of ada for path are lost");
        database.write(tx -> tx.execute("update log.personal_words set words = 'other' where member = 'title'"));
        assertThat(differences()).anyMatch(line -> line.contains("the words kept for title are not those"));
    }

    private long position(UploadReceipt receipt) {
        return stage.platform()
                .platform()
                .database()
                .read(tx -> tx.select("select position from ingest.manifest where id = ?", receipt.manifestId())
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    void nobodyErasesOrExportsAnother() {
        assertThat(erase("bob", "ada").status()).isEqualTo(404);
        assertThat(erase("fay", "ada").status()).as("an auditor").isEqualTo(404);
        assertThat(stage.get("bob", "/parties/ada/export").status()).isEqualTo(404);
        assertThat(stage.post("bob", "/words/erasure", "{\"position\":" + position(signed) + ",\"member\":\"path\"}")
                        .status())
                .isEqualTo(404);
        assertThat(search()).hasSize(1);
    }

    /** An exchange that is not held to the document, whose text says nothing of HEAD. */
    private HttpResponse<byte[]> raw(String method, String target, String who) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(stage.uri() + target))
                            .header("Authorization", "Bearer " + stage.apiKey(who))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @Test
    void theExportHoldsEverythingWithItsProofs() throws Exception {
        Map<String, String> files = new LinkedHashMap<>();
        HttpResponse<byte[]> answer = raw("GET", "/parties/ada/export", "ada");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/zip"));
        ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()));
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(files.keySet())
                .containsExactly(
                        "about.txt",
                        "party.jsonl",
                        "words.jsonl",
                        "contracts.jsonl",
                        "statements.jsonl",
                        "invoices.jsonl",
                        "payouts.jsonl");
        assertThat(files.get("party.jsonl")).contains("Zelda Quux");
        assertThat(files.get("contracts.jsonl")).contains("cnf-quick");
        List<Fields> words = Optional.ofNullable(files.get("words.jsonl"))
                .orElseThrow()
                .lines()
                .map(line -> Fields.of(Json.parse(line), "words"))
                .toList();
        assertThat(words).hasSize(4).allSatisfy(one -> {
            SaltedText text = new SaltedText(one.text("salt"), one.text("words"));
            assertThat(committed(one.integer("position", 0, Long.MAX_VALUE), one.text("member"))
                            .hash())
                    .isEqualTo(text.commitment());
        });
    }

    @Test
    void theSameUploadAgainIsOneManifest() {
        ManifestDraft draft =
                ManifestDraft.of("ada", ApiFixture.LICENCE).path("again.txt").uploaded(stage.now());
        byte[] content = "sent twice".getBytes(StandardCharsets.UTF_8);
        UploadReceipt first = stage.client("ada").upload(draft, content);
        assertThat(stage.client("ada").upload(draft, content).manifestId()).isEqualTo(first.manifestId());
        assertThat(differences()).isEmpty();
        long unplaced = stage.platform()
                .platform()
                .database()
                .read(tx -> tx.select("select count(*) from log.personal_words where position is null")
                        .mapTo(Long.class)
                        .one());
        assertThat(unplaced)
                .as("words of the second try, which no entry commits to")
                .isZero();
    }

    @Test
    void theOperatorsOwnReadingIsCountedAndShown() throws Exception {
        String blob = "/blobs/" + signed.content();
        assertThat(stage.send("operator", "GET", blob, Map.of("Range", "bytes=4-7"), "")
                        .body())
                .isEqualTo("work");
        assertThat(raw("HEAD", blob, "operator").statusCode()).isEqualTo(200);
        String reads = "/works/" + signed.content() + "/reads";
        assertThat(stage.get("bob", reads).status()).isEqualTo(404);
        List<Fields> shown = Fields.of(stage.get("ada", reads).json(), "page").objects("items");
        assertThat(shown).singleElement().satisfies(read -> {
            assertThat(read.text("reader")).isEqualTo("operator");
            assertThat(read.integer("from", 0, 100)).isEqualTo(4);
            assertThat(read.integer("bytes", 0, 100)).isEqualTo(4);
            assertThat(stage.platform().platform().sequencer().entry(read.integer("position", 0, 1_000)))
                    .isInstanceOfSatisfying(
                            LogEntry.DocumentEntry.class,
                            entry -> assertThat(entry.type()).isEqualTo("work-read"));
        });
        stage.platform().platform().rebuild().run();
        assertThat(Fields.of(stage.get("ada", reads).json(), "page").objects("items"))
                .hasSize(1);
    }
}
