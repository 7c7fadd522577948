package org.tallystick.platform.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** One connection on which bytes go out as they are, for what no client library would send. */
final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    private final Socket socket;

    RawHttp(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(PATIENCE_MS);
    }

    RawHttp send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return this;
    }

    /** Says that nothing more will be sent; the answer is still wanted. */
    RawHttp halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Everything until the server closes. */
    Reply reply() throws IOException {
        InputStream in = socket.getInputStream();
        return new Reply(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    /** An answer as it came. */
    record Reply(String text) {
        int status() {
            return text.isEmpty() ? 0 : Integer.parseInt(text.substring(9, 12));
        }

        Optional<String> header(String name) {
            return text.substring(0, text.indexOf("\r\n\r\n"))
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst();
        }

        String body() {
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    static Reply exchange(URI server, String request) throws IOException {
        try (RawHttp connection = new RawHttp(server)) {
            return connection.send(request).reply();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
