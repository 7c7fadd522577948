package org.tallystick.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server on a free port that answers as a test says and keeps what it was asked. */
final class LocalServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    private LocalServer(HttpServer server) {
        this.server = server;
    }

    /** What was asked. */
    record Asked(String method, String target, Map<String, List<String>> headers, String body) {
        Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst();
        }
    }

    /** What is answered; a length longer than the body breaks off. */
    @SuppressWarnings("ArrayRecordComponent")
    record Reply(int status, Map<String, String> headers, byte[] body, long length) {
        static Reply of(int status, String body) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return new Reply(status, Map.of("Content-Type", "application/json"), bytes, bytes.length);
        }

        Reply with(String name, String value) {
            Map<String, String> more = new java.util.HashMap<>(headers);
            more.put(name, value);
            return new Reply(status, more, body, length);
        }

        /** The same, promising more than it sends. */
        Reply brokenOff() {
            return new Reply(status, headers, body, body.length + 10L);
        }
    }

    @FunctionalInterface
    interface Behaviour {
        Reply reply(Asked asked, int earlier) throws IOException;
    }

    static LocalServer answering(Behaviour behaviour) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        LocalServer server = new LocalServer(http);
        http.createContext("/", exchange -> server.handle(exchange, behaviour));
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Asked> asked() {
        return asked;
    }

    private void handle(HttpExchange exchange, Behaviour behaviour) throws IOException {
        try (exchange) {
            Asked request = new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            int earlier = asked.size();
            asked.add(request);
            Reply reply = behaviour.reply(request, earlier);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            boolean bodiless = request.method().equals("HEAD") || reply.status() == 304 || reply.status() == 204;
            exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : reply.length() == 0 ? -1 : reply.length());
            if (!bodiless) {
                exchange.getResponseBody().write(reply.body());
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
