package org.tallystick.cli.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.tallystick.cli.supervise.Child;
import org.tallystick.cli.supervise.ChildSpec;
import org.tallystick.cli.supervise.Jvm;
import org.tallystick.cli.supervise.StartCache;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.supervise.Supervisor;
import org.tallystick.platform.kernel.PrivateFolder;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.sdk.EdgeRegistration;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.TallystickClient;

/**
 * A platform and an edge on this machine as supervised processes. Starts them in this order, restarts them when they
 * die, stops them in reverse. Safe from any thread.
 */
public final class LocalSystem implements AutoCloseable {
    private static final String MAIN = "org.tallystick.cli.Main";
    private static final String PID_FILE = "postmaster.pid";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Layout layout;
    private final Settings settings;
    private final Supervisor supervisor;
    private final Child platform;
    private final Child edge;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /**
     * What a system needs to know.
     *
     * @param data everything lies below it
     * @param platformPort of the API
     * @param edgePort of the edge
     * @param platformOptions further options for the platform's process
     * @param edgeOptions further options for the edge's process
     */
    public record Settings(
            Path data, int platformPort, int edgePort, List<String> platformOptions, List<String> edgeOptions) {
        public Settings {
            platformOptions = List.copyOf(platformOptions);
            edgeOptions = List.copyOf(edgeOptions);
        }
    }

    private LocalSystem(Settings settings, Consumer<String> notes)
            throws IOException, StartFailure, InterruptedException {
        this.settings = settings;
        this.layout = new Layout(settings.data());
        PrivateFolder.make(layout.root());
        this.supervisor = new Supervisor(layout.logs(), notes);
        boolean started = false;
        try {
            this.platform = supervisor.start(platformSpec());
            if (!isEdgeRegistered()) {
                platform.awaitReady();
                registerEdge();
            }
            this.edge = supervisor.start(edgeSpec());
            platform.awaitReady();
            edge.awaitReady();
            Files.writeString(layout.address(), platformAddress() + "\n");
            started = true;
        } finally {
            if (!started) {
                supervisor.close();
            }
        }
    }

    /**
     * Starts a system and returns once it works.
     *
     * @param notes told whenever a process is started again
     * @throws StartFailure with the end of the log of what does not start
     */
    public static LocalSystem start(Settings settings, Consumer<String> notes)
            throws IOException, StartFailure, InterruptedException {
        return new LocalSystem(settings, notes);
    }

    /** The address of the platform that runs on a data folder, if one does. */
    public static Optional<URI> runningOn(Path data) {
        Path file = new Layout(data).address();
        try {
            URI address = URI.create(Files.readString(file).strip());
            TallystickClient client = TallystickClient.builder(address).build();
            return client.isHealthy() ? Optional.of(address) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // none has run here, or it was killed while it wrote
        }
    }

    public Layout layout() {
        return layout;
    }

    /** Where the API listens. */
    public URI platformAddress() {
        return URI.create("http://127.0.0.1:" + settings.platformPort());
    }

    /** Where the edge listens. */
    public URI edgeAddress() {
        return URI.create("http://127.0.0.1:" + settings.edgePort());
    }

    /** The operator's view of the platform. */
    public TallystickClient operator() throws IOException {
        return TallystickClient.builder(platformAddress())
                .http(http)
                .apiKey(SecretFile.read(layout.operatorKey()))
                .build();
    }

    public Child platform() {
        return platform;
    }

    public Child edge() {
        return edge;
    }

    /**
     * The server of the embedded database, a child of the platform's; none while it restarts. The first line of {@code
     * postmaster.pid} is its process id.
     */
    public Optional<ProcessHandle> databaseServer() {
        try (Stream<Path> files = Files.find(layout.platform(), 4, (path, attributes) -> path.endsWith(PID_FILE))) {
            Optional<Path> file = files.findFirst();
            return file.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(
                            Files.readAllLines(file.get()).getFirst().strip()));
        } catch (IOException | UncheckedIOException | NumberFormatException | NoSuchElementException e) {
            return Optional.empty(); // it is being written or removed right now
        }
    }

    /**
     * Waits until the platform has acknowledged everything the edge delivered.
     *
     * @return whether it did within the given time
     */
    public boolean awaitDrained(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (unacknowledged() != 0) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    /** Leaves at the edge that the platform has not acknowledged; -1 while the edge does not answer. */
    private long unacknowledged() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(edgeAddress().resolve("/healthz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return Fields.of(Json.parse(answer.body()), "health").integer("unacknowledged", 0, Long.MAX_VALUE >> 11);
        } catch (IOException | MalformedException e) {
            return -1; // the edge is starting again
        }
    }

    private ChildSpec platformSpec() {
        List<String> words = new ArrayList<>(List.of(
                "platform",
                "--tethered",
                "--data",
                layout.platform().toString(),
                "--port",
                Integer.toString(settings.platformPort())));
        words.addAll(settings.platformOptions());
        return spec("platform", words, platformAddress());
    }

    private ChildSpec edgeSpec() throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "edge",
                "--tethered",
                "--platform",
                platformAddress().toString(),
                "--number",
                Files.readString(layout.edgeNumber()).strip(),
                "--key-file",
                layout.edgeKey().toString(),
                "--data",
                layout.edge().toString(),
                "--port",
                Integer.toString(settings.edgePort())));
        words.addAll(settings.edgeOptions());
        return spec("edge", words, edgeAddress());
    }

    private static ChildSpec spec(String name, List<String> words, URI address) {
        Optional<StartCache> cache = StartCache.of(name);
        List<String> flags = cache.map(StartCache::flags).orElse(List.of());
        return new ChildSpec(name, Jvm.command(MAIN, flags, words), address.resolve("/healthz"), PATIENCE, cache);
    }

    private boolean isEdgeRegistered() {
        return Files.exists(layout.edgeNumber()) && Files.exists(layout.edgeKey());
    }

    private void registerEdge() throws IOException {
        EdgeRegistration registration = operator().registerEdge("local");
        SecretFile.write(layout.edgeKey(), registration.apiKey() + "\n");
        SecretFile.write(layout.edgeNumber(), registration.edge() + "\n");
    }

    /** Names and addresses, for a person. */
    public Map<String, String> whereToLook() {
        Map<String, String> where = new java.util.LinkedHashMap<>();
        where.put("API", platformAddress().toString());
        where.put("edge", edgeAddress().toString());
        where.put("operator's key", layout.operatorKey().toString());
        where.put("log", layout.log().toString());
        where.put("output of the processes", layout.logs().toString());
        return where;
    }

    @Override
    public void close() {
        supervisor.close();
        http.shutdownNow();
    }
}
