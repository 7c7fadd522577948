package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;

/** The commonest mistakes of a first hour: each is refused at once, with its own exit code and a sentence that names it. */
final class MistakesTest {
    @TempDir
    static Path scratch;

    private static ServerSocket taken;

    @BeforeAll
    static void prepare() throws IOException {
        taken = new ServerSocket(0);
        Files.createDirectory(scratch.resolve("empty"));
        Files.writeString(scratch.resolve("file"), "no folder");
        Files.writeString(scratch.resolve("broken.json"), "{");
        Files.writeString(scratch.resolve("array.json"), "[]");
        Files.writeString(scratch.resolve("no.zip"), "PK no");
        Files.writeString(scratch.resolve("receipt.txt"), "A".repeat(440));
    }

    @AfterAll
    static void close() throws IOException {
        taken.close();
    }

    /** Words after {@code tallystick}; exit code; part of the sentence. {@code $T} is a scratch folder, {@code $P} a port in use. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        dmeo                                     | 2 | did you mean demo?
        explian r-1-1-1                          | 2 | did you mean explain?
        up --prot 1                              | 2 | did you mean --port?
        up --port                                | 2 | --port needs a value
        up --port abc                            | 2 | needs a whole number
        up --port 0                              | 2 | between 1 and 65535
        up --port 70000                          | 2 | between 1 and 65535
        up --port 9001 --port 9002               | 2 | given twice
        up here                                  | 2 | one word too many
        up --data $T/u --port 9001 --edge-port 9001 | 2 | two servers cannot share a port
        up --data $T/u --edge-port 8080          | 2 | two servers cannot share a port
        up --data $T/u --region XX-Nowhere       | 2 | --region XX-Nowhere cannot be
        up --data $T/u --set colour=blue         | 2 | unknown setting colour
        up --data $T/u --set origin              | 2 | --set wants NAME=VALUE
        up --data $T/u --set upload.max-size=big | 2 | upload.max-size
        up --data $T/file                        | 2 | is a file, not a folder
        up --data $T/u --port $P                 | 3 | is in use
        platform --data $T/u --port x            | 2 | port
        platform --data $T/u --set host=         | 2 | host is empty
        edge                                     | 2 | edge needs --platform
        edge --platform nowhere --number 1 --key-file $T/k --data $T/e | 2 | needs an address like https://
        edge --platform http://127.0.0.1:9 --number 0 --key-file $T/k --data $T/e | 2 | between 1 and
        edge --platform http://127.0.0.1:9 --number 1 --key-file $T/k --data $T/e | 2 | there is no $T/k
        explain                                  | 2 | explain needs REF
        explain r-1-1-1 --data $T/none           | 2 | there is no folder $T/none
        explain r-1-1-1 --data $T/empty          | 2 | holds no data of a platform
        explain r-1-1-1 --platform http://127.0.0.1:9 | 2 | no key is sent that you have not named
        explain r-1-1-1 --platform 127.0.0.1:9 --key-file $T/k | 2 | needs an address like https://
        explain r-1-1-1 --platform http://127.0.0.1:9 --key-file $T/k | 2 | there is no $T/k
        fsck --data $T/none                      | 2 | there is no folder $T/none
        fsck --data $T/file                      | 2 | is a file, not a folder
        fsck --data $T/empty                     | 2 | holds no data of a platform
        rebuild --data $T/none                   | 2 | there is no folder $T/none
        backup --data $T/empty                   | 2 | backup needs --to
        backup --data $T/empty --to $T/b         | 2 | holds no data of a platform
        restore --from $T/none --data $T/r       | 2 | there is no folder $T/none
        restore --data $T/r                      | 2 | restore needs --from
        verify                                   | 2 | verify needs
        verify $T/none.json                      | 2 | there is no file
        verify $T/receipt.txt                    | 2 | without the platform's key
        verify $T/receipt.txt --key did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX | 2 | without the certificate of its edge
        verify $T/receipt.txt --key did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX --certificate $T/file | 1 | WRONG receipt/
        contract                                 | 2 | contract needs VERB
        contract chekc $T/broken.json            | 2 | chekc
        contract check $T/none.json              | 2 | there is no file
        contract check $T/broken.json            | 1 | WRONG
        contract check $T/array.json             | 1 | WRONG
        contract sign $T/broken.json             | 1 | WRONG
        contract key                             | 2 | contract needs --key
        contract new --template nothing          | 2 | nothing
        contract price                           | 2 | ``
        demo --workers 0                         | 2 | between 1 and 64
        bench all                                | 2 | is run by the launcher
        """)
    void aMistakeIsNamedAndNothingIsLeft(String words, int code, String sentence) throws IOException {
        CapturedTerminal captured = new CapturedTerminal();
        List<String> line = new ArrayList<>();
        for (String word : words.strip().split("\\s+")) {
            line.add(filled(word));
        }
        ExitCode exit = new Main(Commands.all(), captured.terminal()).run(line);
        String said = String.join("\n", captured.err()) + "\n" + String.join("\n", captured.out());
        assertThat(exit.number()).as(said).isEqualTo(code);
        assertThat(said).contains(filled(sentence == null ? "" : sentence)).doesNotContain("null");
        assertThat(captured.err()).as("no trace").noneMatch(text -> text.startsWith("\tat "));
        for (String folder : List.of("u", "e", "b", "r")) {
            assertThat(scratch.resolve(folder)).as("nothing was made").doesNotExist();
        }
    }

    private static String filled(String text) {
        return text.replace("$T", scratch.toString()).replace("$P", Integer.toString(taken.getLocalPort()));
    }

    /** A server that must not be asked stands at the address; the operator's key lies where it used to be taken from. */
    @Test
    void aKeyThatWasNotNamedIsNeverSent() throws IOException {
        Path platform = scratch.resolve("mine/platform");
        Files.createDirectories(platform.resolve("log"));
        Files.writeString(platform.resolve("operator.key"), "tsk_operator_secret");
        try (ServerSocket stranger = new ServerSocket(0)) {
            stranger.setSoTimeout(200);
            CapturedTerminal captured = new CapturedTerminal();
            ExitCode exit = new Main(Commands.all(), captured.terminal())
                    .run(List.of(
                            "explain",
                            "r-1-1-1",
                            "--data",
                            scratch.resolve("mine").toString(),
                            "--platform",
                            "http://127.0.0.1:" + stranger.getLocalPort()));
            assertThat(exit).isEqualTo(ExitCode.USAGE);
            org.assertj.core.api.Assertions.assertThatThrownBy(stranger::accept)
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void noPermissionAndInUseAreToldApartFromDamage() {
        Path folder = Path.of("data");
        CommandFailure denied = DataFolder.doesNotOpen(
                folder, new UncheckedIOException(new AccessDeniedException("data/log/checkpoint")));
        assertThat(denied.sentence()).contains("no permission for data/log/checkpoint");
        assertThat(denied.nextStep()).doesNotContain("damaged").contains("user who owns");
        CommandFailure used = DataFolder.doesNotOpen(
                folder, new IllegalStateException("data/log is being written by another process"));
        assertThat(used.sentence()).contains("is in use");
        assertThat(used.nextStep()).contains("stop the platform");
        CommandFailure other = DataFolder.doesNotOpen(folder, new IllegalStateException("the root does not fit"));
        assertThat(other.nextStep()).contains("fsck");
    }

    /** A JVM under a locale of ASCII, as a container's is; whatever option the name came with. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fsck --data $N",
                "up --data $N",
                "verify $N",
                "restore --from $N --data $T/r",
                "backup --data $T/empty --to $N",
                "contract key --key $N",
                "edge --platform http://127.0.0.1:9 --number 1 --key-file $N --data $T/e",
                "demo --content $N --data $T/u"
            })
    void aNameTheLocaleCannotWriteIsRefusedWithItsCause(String words) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.tallystick.cli.Main"));
        for (String word : words.split(" ")) {
            line.add(filled(word).replace("$N", scratch + "/Daten-\u00e4"));
        }
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "POSIX");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(ExitCode.USAGE.number());
        assertThat(said).contains("this locale cannot write such a name", "LC_ALL=C.UTF-8");
    }
}
