package org.tallystick.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.tallystick.cli.supervise.Jvm;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.sdk.SecretFile;

/** The edge as {@code tallystick edge} runs it, in a process of its own. */
final class EdgeProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    private EdgeProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it with the settings it has by default and waits until it serves. */
    static EdgeProcess start(Path scratch, URI platform) throws IOException, InterruptedException {
        Path home = Files.createDirectories(scratch.resolve("edge"));
        SecretFile.write(home.resolve("key"), EdgePlatform.API_KEY + "\n");
        int port = Ports.free(1).getFirst();
        List<String> flags = List.of(System.getProperty("tallystick.bench.edge.flags", "-Xlog:disable")
                .split(" "));
        List<String> words = List.of(
                "edge",
                "--tethered",
                "--platform",
                platform.toString(),
                "--number",
                "1",
                "--key-file",
                home.resolve("key").toString(),
                "--data",
                home.resolve("data").toString(),
                "--port",
                Integer.toString(port));
        Process process = new ProcessBuilder(Jvm.command("org.tallystick.cli.Main", flags, words))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("edge.log").toFile())
                .start();
        EdgeProcess edge = new EdgeProcess(process, port);
        long begun = System.nanoTime();
        while (!Ports.inUse(port) || edge.health().status() != 200) {
            if (!process.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
                edge.close();
                throw new IOException("the edge does not start: " + Files.readString(home.resolve("edge.log")));
            }
            Thread.sleep(50);
        }
        return edge;
    }

    private record Health(int status, long unacknowledged) {}

    private Health health() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return new Health(
                answer.statusCode(),
                Fields.of(Json.parseObject(answer.body()), "health")
                        .integer("unacknowledged", 0, Long.MAX_VALUE >> 11));
    }

    /** Waits until everything delivered has been shipped. */
    void awaitShipped() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (health().unacknowledged() > 0) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new IOException("the edge does not ship what it delivered");
            }
            Thread.sleep(20);
        }
    }

    /** Processor time it has taken so far, counted in hundredths of a second. */
    long processorNanos() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
