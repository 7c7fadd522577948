package org.tallystick.cli.supervise;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Processes for the supervisor's tests. {@code serve PORT} answers every request and leaves with its supervisor;
 * {@code die} says why and ends; {@code supervise PORT LOGS} supervises a server of its own and prints its process id.
 */
public final class TinyServer {
    private TinyServer() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "serve" -> serve(Integer.parseInt(args[1]));
            case "die" -> {
                System.out.println("the disk is full");
                System.exit(4);
            }
            case "supervise" -> supervise(Integer.parseInt(args[1]), Path.of(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static ChildSpec spec(String name, int port, String... arguments) {
        java.net.URI health = java.net.URI.create("http://127.0.0.1:" + port + "/");
        List<String> flags = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m");
        return new ChildSpec(
                name,
                Jvm.command(TinyServer.class.getName(), flags, List.of(arguments)),
                health,
                Duration.ofSeconds(20),
                Optional.empty());
    }

    private static void serve(int port) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.out.println("serving");
        ParentPipe.hold(System.in, () -> System.exit(0));
    }

    private static void supervise(int port, Path logs) throws Exception {
        Supervisor supervisor = new Supervisor(logs, System.out::println);
        Child child = supervisor.start(spec("inner", port, "serve", Integer.toString(port)));
        child.awaitReady();
        System.out.println("child " + child.pid());
        Thread.currentThread().join();
    }
}
