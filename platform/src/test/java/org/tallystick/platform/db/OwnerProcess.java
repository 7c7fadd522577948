package org.tallystick.platform.db;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Another JVM that owns a data directory, to be killed. Prints one line: the server's pid, or why it did not start. */
final class OwnerProcess {
    private OwnerProcess() {}

    /** Opens the directory, commits a row, leaves another uncommitted, says so and waits to be killed. */
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EmbeddedServer server;
        try {
            server = EmbeddedServer.start(new EmbeddedServer.Options(
                    Path.of(arguments[0]),
                    Path.of(arguments[1]),
                    EmbeddedServer.Options.durable(Path.of(".")).settings()));
        } catch (IllegalStateException e) {
            out.println("refused " + e.getMessage());
            return;
        }
        Database database = Database.onServer(server, java.time.InstantSource.system());
        database.write(h -> h.execute("create table if not exists t (n serial primary key, what text)"));
        database.write(h -> h.execute("insert into t (what) values ('committed')"));
        database.write(h -> {
            h.execute("insert into t (what) values ('uncommitted')");
            out.println("ready " + database.serverPid().orElseThrow());
            try {
                Thread.sleep(600_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 0;
        });
    }

    /** Starts it. @return the process after it has printed its line, and the line */
    static Started start(Path dataDir) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OwnerProcess.class.getName(),
                dataDir.toString(),
                TestDatabase.binaries().toString());
        Process process = new ProcessBuilder(command)
                .redirectError(dataDir.resolveSibling("owner.err").toFile())
                .start();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new Started(process, Objects.requireNonNullElse(reader.readLine(), "ended"));
    }

    record Started(Process process, String line) {
        long serverPid() {
            return Long.parseLong(line.substring("ready ".length()));
        }
    }
}
