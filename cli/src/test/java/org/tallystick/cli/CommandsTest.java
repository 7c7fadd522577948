package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.demo.Demo;
import org.tallystick.cli.demo.DemoOptions;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.sdk.TallystickClient;

/** What a person does with the folder a demo leaves: each command's words, lines and exit codes. */
final class CommandsTest {
    private static final Pattern REFERENCE = Pattern.compile("tallystick explain (\\S+)");

    @TempDir
    private static Path scratch;

    private static String data = "";
    private static Path statement = Path.of("");
    private static String key = "";

    private CapturedTerminal captured = new CapturedTerminal();

    @BeforeAll
    static void demo() throws Exception {
        Path works = Files.createDirectories(scratch.resolve("content/ada"));
        for (String work : List.of("one", "two", "three")) {
            Files.writeString(works.resolve(work), work);
        }
        Path folder = scratch.resolve("data");
        Terminal quiet = new Terminal(
                OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false, InstantSource.system());
        DemoOptions options =
                new DemoOptions(Optional.of(scratch.resolve("content")), folder, false, Optional.empty(), 0, false, 2);
        Fields report = Fields.of(
                Demo.run(options, quiet, InstantSource.system(), (found, system) -> copyLog(system))
                        .json(),
                "report");
        data = folder.toString();
        statement = Path.of(report.strings("statement_files").getFirst());
        key = report.text("platform_key");
    }

    /** While the platform runs: its log over HTTP, with a key that may read it. */
    private static void copyLog(LocalSystem system) throws IOException {
        TallystickClient client = system.operator();
        CapturedTerminal said = new CapturedTerminal();
        ExitCode code = new Main(Commands.all(), said.terminal())
                .run(List.of(
                        "replay",
                        "--platform",
                        system.platformAddress().toString(),
                        "--key-file",
                        system.layout().operatorKey().toString(),
                        "--key",
                        client.keys().vkey(),
                        "--copy",
                        scratch.resolve("copy").toString()));
        assertThat(said.out()).as("%s", said.err()).last().isEqualTo("What the log says adds up.");
        assertThat(code).isEqualTo(ExitCode.OK);
    }

    @Test
    void aCopyOfTheLogIsReplayedWithoutThePlatformAndALieInItIsFound() throws IOException {
        Path copy = scratch.resolve("copy");
        assertThat(run("replay", "--copy", copy.toString(), "--key", key, "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().optionalBool("sound")).contains(true);
        assertThat(json().objects("areas").stream().map(area -> area.text("area")))
                .containsExactly("log", "bundles", "statements");
        assertThat(run("replay", "--copy", scratch.resolve("none").toString(), "--key", key))
                .isEqualTo(ExitCode.WRONG);
        assertThat(run("replay", "--copy", copy.toString())).isEqualTo(ExitCode.USAGE);
        Path bundle;
        try (Stream<Path> blobs = Files.walk(copy.resolve("blobs"))) {
            bundle = blobs.filter(Files::isRegularFile)
                    .filter(file -> isBundle(file))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] honest = Files.readAllBytes(bundle);
        byte[] changed = honest.clone();
        changed[changed.length - 1] ^= 1;
        Files.write(bundle, changed);
        assertThat(run("replay", "--copy", copy.toString(), "--key", key)).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).anyMatch(line -> line.startsWith("WRONG  bundles"));
        Files.write(bundle, honest);
        assertThat(run("replay", "--copy", copy.toString(), "--key", key)).isEqualTo(ExitCode.OK);
    }

    /** A bundle begins with the version of its leaves; every other blob here is text. */
    private static boolean isBundle(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length > 0 && bytes[0] == 2;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ExitCode run(String... words) {
        captured = new CapturedTerminal();
        return new Main(Commands.all(), captured.terminal()).run(List.of(words));
    }

    private Fields json() {
        assertThat(captured.out()).hasSize(1);
        return Fields.of(Json.parseObject(captured.out().getFirst().getBytes(StandardCharsets.UTF_8)), "answer");
    }

    @Test
    void aStatementIsVerifiedWithTheKeyBesideItOrTheOneGiven() throws IOException {
        assertThat(run("verify", statement.toString())).isEqualTo(ExitCode.OK);
        assertThat(captured.err())
                .as("a key laid beside the statement came with it")
                .anyMatch(line -> line.startsWith("WARNING: the key is the one in "));
        assertThat(captured.out()).anyMatch(line -> line.matches("Verified: \\d+ receipts in .* recomputed\\."));

        Path alone = Files.copy(
                statement, Files.createDirectory(scratch.resolve("alone")).resolve("s.json"));
        assertThat(run("verify", alone.toString(), "--key", key)).isEqualTo(ExitCode.OK);
        assertThat(run("verify", alone.toString())).isEqualTo(ExitCode.OK);
        assertThat(captured.err())
                .as("a file that vouches for itself")
                .anyMatch(line -> line.startsWith("WARNING: the key is the one the file itself names"));
        assertThat(run("verify", alone.toString(), "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().optionalBool("pinned")).contains(false);
        assertThat(run("verify", alone.toString(), "--key", key, "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().optionalBool("holds")).contains(true);
        assertThat(json().text("key")).isEqualTo(key);
    }

    /** A lying platform can lay any key beside its statement; only a key from elsewhere pins, in each form /keys has. */
    @Test
    void aKeyFileBesideTheStatementPinsNothing() throws IOException {
        assertThat(run("verify", statement.toString(), "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().optionalBool("pinned")).contains(false);
        DidKey did = new DidKey(NoteKey.parse(key).publicKey());
        assertThat(run("verify", statement.toString(), "--key", did.toString(), "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().optionalBool("pinned")).contains(true);
        Path answer = Files.writeString(
                scratch.resolve("keys.json"),
                "{\"platform\":\"" + did + "\",\"vkey\":\"" + key + "\",\"origin\":\"x\"}");
        assertThat(run("verify", statement.toString(), "--key", answer.toString()))
                .isEqualTo(ExitCode.OK);
        DidKey other = new DidKey(JdkEd25519.ofSeed(new byte[32]).publicKey());
        assertThat(run("verify", statement.toString(), "--key", other.toString()))
                .isEqualTo(ExitCode.WRONG);
    }

    @Test
    void whatDoesNotVerifySaysWhyAndExitsWithOne() throws IOException {
        Path folder = Files.createDirectory(scratch.resolve("changed"));
        String text = Files.readString(statement);
        Path changed =
                Files.writeString(folder.resolve("changed.json"), text.replaceFirst("\"total\":\"?\\d", "$0" + "1"));
        assertThat(Files.readString(changed)).isNotEqualTo(text);
        assertThat(run("verify", changed.toString(), "--key", key)).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).singleElement().asString().startsWith("WRONG ");
        assertThat(run("verify", changed.toString(), "--key", key, "--json")).isEqualTo(ExitCode.WRONG);
        assertThat(json().optionalBool("holds")).contains(false);
        assertThat(json().text("reason")).isNotBlank();

        String otherKey = "other.example/log+00000000+AQ";
        assertThat(run("verify", statement.toString(), "--key", otherKey)).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).anyMatch(line -> line.contains("the platform's key cannot be read"));
        assertThat(run("verify", scratch.resolve("absent.json").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).anyMatch(line -> line.contains("there is no file"));
        Path empty = Files.createFile(folder.resolve("empty.json"));
        assertThat(run("verify", empty.toString(), "--key", key)).isEqualTo(ExitCode.WRONG);
    }

    @Test
    void aReceiptIsExplainedToTheMoneyAndBack() {
        Optional<String> found = Optional.empty();
        for (int i = 1; i < 30 && found.isEmpty(); i++) { // the first may be a HEAD, which is no use
            assertThat(run("explain", "r-1-1-" + i, "--data", data)).isEqualTo(ExitCode.OK);
            found = reference("u:");
        }
        String usage = found.orElseThrow();
        assertThat(run("explain", usage, "--data", data)).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).as("a usage knows its receipts").anyMatch(line -> line.contains("r-1-1-"));
        String line = reference("st-").orElseThrow();
        assertThat(run("explain", line, "--data", data)).isEqualTo(ExitCode.OK);
        assertThat(run("explain", "iv-none", "--data", data)).isEqualTo(ExitCode.WRONG);
        assertThat(run("explain", "r-1-1-99999", "--data", data, "--json")).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).as("nothing is said where there is nothing").isEmpty();
    }

    /** The commands under "Look closer", in the order and the words of the README; only the folders are this test's. */
    @Test
    void theReadmesCommandsRunAsWritten() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String block = readme.substring(readme.indexOf("## Look closer"), readme.indexOf("`verify` takes"));
        List<String> commands = block.lines()
                .filter(line -> line.startsWith("./tallystick ") || line.startsWith("cp "))
                .filter(line -> !line.contains("contract new")) // asks a person
                .map(line -> line.replaceFirst("#.*", "")
                        .strip()
                        .replace(".tallystick/demo/statements/demo-1/st-*.json", statement.toString())
                        .replace(
                                ".tallystick/demo/statements/demo-1",
                                statement.toAbsolutePath().getParent() + "")
                        .replace(".tallystick/demo", data)
                        .replace(
                                ".tallystick/copy",
                                scratch.resolve("readme-copy").toString())
                        .replace("kept.txt", scratch.resolve("kept.txt").toString()))
                .toList();
        assertThat(commands).hasSizeGreaterThan(6);
        for (String command : commands) {
            List<String> words = List.of(command.split("\\s+"));
            if (words.getFirst().equals("cp")) {
                Files.copy(Path.of(words.get(1)), Path.of(words.get(2)));
            } else {
                assertThat(run(words.subList(1, words.size()).toArray(String[]::new)))
                        .as(() -> command + "\n" + captured.err() + captured.out())
                        .isEqualTo(ExitCode.OK);
            }
        }
    }

    @Test
    void whatExplainPrintsCanBeRunAsItStands() {
        Optional<String> found = Optional.empty();
        for (int i = 1; i < 30 && found.isEmpty(); i++) { // the first may be a HEAD, which is no use
            assertThat(run("explain", "r-1-1-" + i, "--data", data)).isEqualTo(ExitCode.OK);
            found = captured.out().stream()
                    .filter(line -> line.contains("tallystick explain"))
                    .findFirst();
        }
        String printed = found.orElseThrow().strip();
        assertThat(printed).startsWith("./tallystick explain ").endsWith(" --data " + data);
        String[] words = printed.split(" ");
        assertThat(run(java.util.Arrays.copyOfRange(words, 1, words.length))).isEqualTo(ExitCode.OK);
    }

    /** The first of a kind among what may be asked next. */
    private Optional<String> reference(String prefix) {
        return captured.out().stream()
                .map(REFERENCE::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .filter(reference -> reference.startsWith(prefix))
                .findFirst();
    }

    @Test
    void aFolderIsCheckedMadeAnewAndItsDamageFound() throws IOException {
        assertThat(run("fsck", "--data", data)).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).last().isEqualTo("Everything is as the log says.");
        assertThat(run("rebuild", "--data", data)).isEqualTo(ExitCode.OK);
        assertThat(run("fsck", "--data", data, "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().optionalBool("sound")).contains(true);

        Path copy = scratch.resolve("copy");
        assertThat(run("backup", "--data", data, "--to", copy.toString())).isEqualTo(ExitCode.OK);
        Path restored = scratch.resolve("restored");
        assertThat(run("restore", "--from", copy.toString(), "--data", restored.toString()))
                .as(() -> captured.err().toString())
                .isEqualTo(ExitCode.OK);
        assertThat(run("fsck", "--data", restored.toString())).isEqualTo(ExitCode.OK);
        Path blob;
        try (Stream<Path> files = Files.walk(restored.resolve("platform/blobs"))) {
            blob = files.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() == 3)
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(blob, "owe");
        assertThat(run("fsck", "--data", restored.toString())).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).last().isEqualTo("Something differs.");
        assertThat(captured.out())
                .anyMatch(line -> line.contains(blob.getFileName().toString().substring(0, 8)));
    }

    @Test
    void aFolderThatIsNoneIsNamed() {
        String nowhere = scratch.resolve("nowhere").toString();
        for (String command : List.of("fsck", "rebuild")) {
            assertThat(run(command, "--data", nowhere)).as(command).isEqualTo(ExitCode.USAGE);
            assertThat(captured.err()).as(command).anyMatch(line -> line.contains(nowhere));
            assertThat(Path.of(nowhere)).as("and not made").doesNotExist();
        }
    }
}
