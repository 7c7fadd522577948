package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.TallystickClient;

/**
 * A data folder of release 0.1.0, with two closes whose statements hold fractions, a flat price among them, and uses not
 * closed yet: it opens, is found sound, and goes on as if nothing had changed. {@code closes.txt} is what that release
 * itself made of the same log, its third close included.
 */
final class ReleasedDataTest {
    private final AtomicLong time =
            new AtomicLong(Instant.parse("2026-02-01T00:00:00Z").toEpochMilli());
    private final InstantSource clock = () -> Instant.ofEpochMilli(time.incrementAndGet());
    private Path released;
    private TestPlatform platform;

    @BeforeEach
    void open(@TempDir Path data) throws IOException, URISyntaxException {
        released = Path.of(Objects.requireNonNull(getClass().getResource("/released-0.1.0"))
                .toURI());
        Path from = released.resolve("platform");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = data.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        platform = TestPlatform.start(data, clock);
    }

    @AfterEach
    void close() {
        platform.close();
    }

    private void assertSound() {
        assertThat(platform.platform().fsck().run(area -> {}))
                .isNotEmpty()
                .allSatisfy(finding ->
                        assertThat(finding.differences()).as(finding.area()).isEmpty());
    }

    private List<String> made(boolean hashes) {
        Platform rooms = platform.running();
        List<String> made = new ArrayList<>();
        rooms.database().read(tx -> rooms.settlement().closes(tx)).forEach(close -> {
            Period period = close.period();
            made.add("close " + period.id() + " " + period.from() + " " + period.to());
            close.statements()
                    .forEach(id -> rooms.settlement()
                            .statement(id)
                            .ifPresent(s -> made.add("statement " + id + " " + s.party() + " "
                                    + s.total().toDecimal() + (hashes ? " " + s.hash() : ""))));
            close.invoices()
                    .forEach(id -> rooms.settlement()
                            .invoice(id)
                            .ifPresent(i -> made.add("invoice " + id + " " + i.contract() + " "
                                    + i.total().toDecimal() + (hashes ? " " + i.hash() : ""))));
        });
        return made;
    }

    /** What the release made: all of it, or without hashes, which differ where the notation does. */
    private List<String> expected(boolean hashes) throws IOException {
        return Files.readAllLines(released.resolve("closes.txt")).stream()
                .map(line -> hashes || line.startsWith("close ") ? line : line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    private void third() throws IOException {
        String[] words = Files.readAllLines(released.resolve("closes.txt")).stream()
                .filter(line -> line.startsWith("close p3 "))
                .findFirst()
                .orElseThrow()
                .split(" ");
        platform.running()
                .settlement()
                .close(new Period("p3", Instant.parse(words[2]), Instant.parse(words[3])))
                .orThrow();
    }

    @Test
    void theLogIsReadToTheSameTablesAndFoundSound() throws IOException {
        List<String> old = expected(true);
        List<String> first = old.subList(
                0,
                old.indexOf(old.stream()
                        .filter(line -> line.startsWith("close p3 "))
                        .findFirst()
                        .orElseThrow()));
        assertThat(made(true)).isEqualTo(first);
        assertSound();
        platform.platform().rebuild().run();
        assertThat(made(true)).isEqualTo(first);
        assertSound();
    }

    @Test
    void theNextCloseComesToTheSameAmountsInTheNewNotation() throws IOException {
        third();
        assertThat(made(false)).isEqualTo(expected(false));
        assertSound();
        platform.platform().rebuild().run();
        assertThat(made(false)).isEqualTo(expected(false));
        assertSound();
        assertThat(Story.statements(platform.running()).stream()
                        .map(line -> statement(line.split(" ")[0]).notation()))
                .containsExactly(
                        Notation.FRACTIONS,
                        Notation.FRACTIONS,
                        Notation.FRACTIONS,
                        Notation.FRACTIONS,
                        Notation.FRACTIONS,
                        Notation.FRACTIONS,
                        Notation.FRACTIONS,
                        Notation.FRACTIONS,
                        Notation.DECIMALS,
                        Notation.DECIMALS,
                        Notation.DECIMALS,
                        Notation.DECIMALS);
    }

    /** A database of that release still has its sums as fractions; they are read as if they had been floored in e. */
    @Test
    void sumsThatAreFractionsInTheDatabaseGoOn() throws IOException {
        int changed = platform.running()
                .database()
                .write(tx -> tx.execute("update settlement.earned set exact = '80/7'"
                        + " where contract = 'cnf-flat' and party = 'creator-3'"));
        assertThat(changed).isEqualTo(1);
        third();
        assertThat(made(false)).isEqualTo(expected(false));
        assertSound();
    }

    @Test
    void statementsAreTheSameFilesAndVerify() throws IOException {
        NoteKey key = platform.running().log().key();
        PaperVerifier verifier = new PaperVerifier(key, Ed25519.verifier());
        try (Stream<Path> files = Files.list(released.resolve("statements"))) {
            for (Path file : files.toList()) {
                String id = file.getFileName().toString().replace(".json", "");
                ByteArrayOutputStream now = new ByteArrayOutputStream();
                platform.running().settlement().export(id, now).orThrow();
                assertThat(now.toByteArray()).as(id).isEqualTo(Files.readAllBytes(file));
                assertThat(verifier.verify(now.toByteArray()).statement()).isEqualTo(statement(id));
            }
        }
        assertThat(statement("st-156092223839af39d330b811b20f6922d4db1d9a")
                        .lines()
                        .getFirst()
                        .exact())
                .as("a part of a flat price that no decimal can write")
                .hasToString("80/7");
        third();
        for (String line : Story.statements(platform.running())) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            platform.running().settlement().export(line.split(" ")[0], file).orThrow();
            assertThat(verifier.verify(file.toByteArray()).statement().id()).isEqualTo(line.split(" ")[0]);
        }
    }

    /** What an upgrade asks for: the keys the operator of that release made read on; to act, a party asks for one of its own. */
    @Test
    void keysTheOperatorMadeReadOnAndAPartyGetsItsOwnWithItsSigningKey() {
        ApiKey.Fresh old = ApiKey.generate();
        platform.running()
                .database()
                .write(tx -> tx.execute(
                        "insert into party.personal_key (id, party, secret_hash, bootstrap, issued)"
                                + " values (?, 'buyer-1', ?, false, now())",
                        old.key().id(),
                        old.key().secretHash().toBytes()));
        TallystickClient before = TallystickClient.builder(platform.uri())
                .apiKey(old.text())
                .clock(clock)
                .build();
        assertThat(before.party("buyer-1").id()).isEqualTo("buyer-1");
        assertThat(before.invoices(Map.of()).items()).isNotEmpty();
        assertThatThrownBy(() -> before.openJob("cnf-flat", "a model"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.type()).isEqualTo("auth/key-not-own"));
        Signer signer = Ed25519.signer(
                Sha256.hash("buyer-1".getBytes(StandardCharsets.UTF_8)).toBytes());
        TallystickClient after = before.enter("buyer-1", signer);
        assertThat(after.openJob("cnf-flat", "a model").contract()).isEqualTo("cnf-flat");
        assertSound();
    }

    private Statement statement(String id) {
        return platform.running().settlement().statement(id).orElseThrow().statement();
    }
}
