package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.demo.Demo;
import org.tallystick.cli.demo.DemoOptions;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.Token;

/**
 * Clients written by others, unmodified, against a real platform and edge: what each did stands in docs/clients.md, and this
 * test holds the page to it. {@code .ci/prepare-clients} fetches them; a client that is not here is named and left out, under
 * CI it is a failure.
 */
class OutsideClientsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/clients.md");
    private static final Path SCRIPTS = ROOT.resolve(".ci/clients");
    private static final String BEGIN = "<!-- clients: made by OutsideClientsTest -->\n";
    private static final String END = "<!-- end of clients -->";
    private static final List<String> ACTS =
            List.of("whole", "range", "resume", "conditional", "HEAD", "empty", "upload");

    @TempDir
    Path scratch;

    /** A client's name on the page, the file that must be there for it, and the words that run it; {@code $D} is its folder. */
    private record Client(String name, Path needs, List<String> words) {}

    private static List<Client> clients() {
        Path fetched = Optional.ofNullable(System.getenv("TALLYSTICK_CLIENTS"))
                .map(Path::of)
                .orElse(ROOT.resolve(".tallystick/clients"));
        List<Client> clients = new ArrayList<>();
        Map.of("curl", "curl", "wget", "wget", "aria2", "aria2c", "rclone", "rclone").entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> clients.add(new Client(
                        one.getKey(),
                        onPath(one.getValue()),
                        List.of("sh", SCRIPTS.resolve("client.sh").toString(), one.getKey(), "$D"))));
        Path python = fetched.resolve("python/bin/python");
        for (String library : List.of("requests", "httpx", "aiohttp", "fsspec", "huggingface_hub")) {
            String script = SCRIPTS.resolve("client.py").toString();
            clients.add(new Client(library, python, List.of(python.toString(), script, library, "$D")));
        }
        Path go = fetched.resolve("client-go");
        clients.add(new Client("Go net/http", go, List.of(go.toString(), "$D")));
        clients.add(new Client(
                "Node fetch",
                onPath("node"),
                List.of("node", SCRIPTS.resolve("client.mjs").toString(), "$D")));
        for (String version : List.of("9", "12")) {
            Path folder = fetched.resolve("jetty" + version);
            String classes = folder.resolve("classes") + ":" + folder.resolve("lib") + "/*";
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            clients.add(new Client(
                    version.equals("9") ? "jetty-client 9.3" : "jetty-client 12",
                    folder.resolve("classes/Client.class"),
                    List.of(java, "-cp", classes, "Client", "$D")));
        }
        return clients;
    }

    private static Path onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(program));
    }

    /** The running system as a client needs it. */
    private record Stage(
            LocalSystem system, Token token, String creatorKey, ContentId work, ContentId empty, int length) {}

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void unmodifiedClientsOfOthersGetAndBringWorks() throws Exception {
        byte[] work = new byte[20_000_003];
        new Random(9).nextBytes(work);
        Path works = scratch.resolve("content");
        Path content = Files.createDirectories(works.resolve("ada"));
        Files.write(content.resolve("work.bin"), work);
        Files.createFile(content.resolve("empty"));
        Terminal quiet = new Terminal(
                OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false, InstantSource.system());
        Path data = scratch.resolve("data");
        DemoOptions options = new DemoOptions(Optional.of(works), data, false, Optional.empty(), 0, false, 1);
        Map<String, Map<String, String>> found = new LinkedHashMap<>();
        Demo.run(options, quiet, InstantSource.system(), (report, system) -> {
            TallystickClient buyer = TallystickClient.builder(system.platformAddress())
                    .apiKey(apiKey(data, "buyer_one"))
                    .build();
            Job job = buyer.openJob("cnf-demo-1-1", Optional.of("job-clients"), "clients");
            Token token = buyer.issueToken(job.id(), Scope.TRAINING, Duration.ofHours(1), Optional.empty());
            Stage stage = new Stage(
                    system,
                    token,
                    apiKey(data, "creator_ada"),
                    ContentId.of(work),
                    ContentId.of(new byte[0]),
                    work.length);
            for (Client client : clients()) {
                if (Files.exists(client.needs())) {
                    found.put(client.name(), run(client, stage));
                } else {
                    leaveOut(client);
                }
            }
        });
        assertThat(found).as("at least what every machine has").isNotEmpty();
        found.forEach((client, acts) ->
                assertThat(acts.values()).as(client + ": " + acts).isNotEmpty().allMatch(said -> said.equals("yes")));
        page(found);
    }

    private static void leaveOut(Client client) {
        System.err.println(
                "LEFT OUT: " + client.name() + ", there is no " + client.needs() + "; run .ci/prepare-clients");
        assertThat(System.getenv("CI"))
                .as(client.name() + " is needed under CI")
                .isNull();
    }

    private static String apiKey(Path data, String party) throws IOException {
        try (Stream<Path> keys = Files.list(data.resolve("keys"))) {
            Path file = keys.filter(key -> key.getFileName().toString().startsWith(party)
                            && key.getFileName().toString().endsWith(".key"))
                    .findFirst()
                    .orElseThrow();
            return SecretFile.read(file).strip();
        }
    }

    private Map<String, String> run(Client client, Stage stage) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(scratch.resolve(client.name().replace('/', '-')));
        task(client, stage, folder);
        List<String> words = client.words().stream()
                .map(word -> word.replace("$D", folder.toString()))
                .toList();
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(words)
                .redirectOutput(said.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as(client.name() + " ends")
                .isTrue();
        Map<String, String> acts = new LinkedHashMap<>();
        for (String line : Files.readAllLines(said)) {
            String[] parts = line.split(" ", 2);
            acts.put(parts[0], parts[1]);
        }
        assertThat(process.exitValue())
                .as(client.name() + ": " + Files.readString(folder.resolve("errors")))
                .isZero();
        return acts;
    }

    /** What a client is told, as JSON with one member for each thing. */
    private static void task(Client client, Stage stage, Path folder) throws IOException {
        Path upload = folder.resolve("upload");
        Files.writeString(upload, "a work that came by " + client.name());
        byte[] manifest = Jcs.bytes(Json.object()
                .put("creator_id", "creator:ada")
                .put("license_uri", "https://marketplace.example/licenses/1")
                .put("media_type", "text/plain")
                .build());
        String works = stage.system().edgeAddress() + "/works/";
        Files.write(
                folder.resolve("task.json"),
                Jcs.bytes(Json.object()
                        .put("work", works + stage.work())
                        .put("empty", works + stage.empty())
                        .put("token", stage.token().text())
                        .put("length", stage.length())
                        .put("sha256", stage.work().hex())
                        .put("uploads", stage.system().platformAddress() + "/ingest/uploads")
                        .put("upload", upload.toString())
                        .put("manifest", Base64Url.encode(manifest))
                        .put("api_key", stage.creatorKey())
                        .build()));
    }

    private static void page(Map<String, Map<String, String>> found) throws IOException {
        StringBuilder table = new StringBuilder(
                "| client | " + String.join(" | ", ACTS) + " |\n|---|" + "---|".repeat(ACTS.size()) + "\n");
        found.forEach((client, acts) -> table.append("| ")
                .append(client)
                .append(" |")
                .append(String.join(
                        "",
                        ACTS.stream()
                                .map(act -> " " + acts.getOrDefault(act, "") + " |")
                                .toList()))
                .append('\n'));
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        if (Boolean.getBoolean("tallystick.update")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to), StandardCharsets.UTF_8);
        } else {
            String written = page.substring(from, to);
            table.toString()
                    .lines()
                    .forEach(row ->
                            assertThat(written.lines()).as("docs/clients.md").contains(row));
        }
    }
}
