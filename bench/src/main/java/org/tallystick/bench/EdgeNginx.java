package org.tallystick.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.tallystick.cli.supervise.Ports;

/** The yardstick: nginx as it is installed here, serving the same files, with its access log on. */
final class EdgeNginx implements AutoCloseable {
    private final Process process;
    private final String version;
    private final int port;

    private EdgeNginx(Process process, String version, int port) {
        this.process = process;
        this.version = version;
        this.port = port;
    }

    /** Starts it over a folder of works; nothing where it is not installed. */
    static Optional<EdgeNginx> start(Path scratch, Path works) throws IOException, InterruptedException {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        int port = Ports.free(1).getFirst();
        Path home = Files.createDirectories(scratch.resolve("nginx"));
        Path configuration = Files.writeString(home.resolve("nginx.conf"), configuration(home, works, port));
        Process process = new ProcessBuilder(
                        program.get().toString(), "-p", home.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output.log").toFile())
                .start();
        for (int i = 0; i < 200 && !Ports.inUse(port); i++) {
            if (!process.isAlive()) {
                throw new IOException("nginx does not start: " + Files.readString(home.resolve("output.log")));
            }
            Thread.sleep(20);
        }
        return Optional.of(new EdgeNginx(process, version(program.get()), port));
    }

    private static String configuration(Path home, Path works, int port) {
        boolean root = "root".equals(System.getProperty("user.name"));
        return """
                daemon off;
                %s
                worker_processes %d;
                pid %s/nginx.pid;
                error_log %s/error.log;
                events { worker_connections 1024; }
                http {
                  access_log %s/access.log;
                  client_body_temp_path %s/body;
                  sendfile on;
                  tcp_nopush on;
                  keepalive_requests 100000000;
                  open_file_cache max=10000;
                  server { listen 127.0.0.1:%d; location /works/ { alias %s/; } }
                }
                """.formatted(
                        root ? "user root;" : "",
                        Runtime.getRuntime().availableProcessors(),
                        home,
                        home,
                        home,
                        home,
                        port,
                        works);
    }

    private static Optional<Path> program() {
        Stream<String> path =
                Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"));
        return Stream.concat(path, Stream.of("/usr/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String version(Path program) throws IOException {
        Process asked = new ProcessBuilder(program.toString(), "-v")
                .redirectErrorStream(true)
                .start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return answer.substring(answer.lastIndexOf(' ') + 1);
    }

    /** For example {@code nginx/1.22.1}. */
    String version() {
        return version;
    }

    /** Processor time its workers have taken so far, counted in hundredths of a second. */
    long processorNanos() {
        return process.descendants()
                .mapToLong(worker ->
                        worker.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        if (process.isAlive()) {
            workers.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
