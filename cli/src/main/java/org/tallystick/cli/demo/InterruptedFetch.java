package org.tallystick.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.ReleaseKey;

/**
 * Starts to fetch a work and resets the connection after the first bytes of the answer, like a client that loses its
 * network.
 */
final class InterruptedFetch {
    private static final int PATIENCE_MS = 10_000;

    private InterruptedFetch() {}

    /** Whether an answer had begun before the connection was dropped. */
    static boolean fetch(URI edge, ContentId content, String token, Optional<ReleaseKey> key) {
        String request = "GET /works/" + content + " HTTP/1.1\r\nHost: " + edge.getAuthority()
                + "\r\nAuthorization: Bearer " + token
                + key.map(shown -> "\r\n" + ReleaseKey.HTTP_HEADER + ": " + shown)
                        .orElse("") + "\r\n\r\n";
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(new InetSocketAddress(edge.getHost(), edge.getPort()), PATIENCE_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            boolean begun = in.read() >= 0;
            socket.setSoLinger(true, 0);
            return begun;
        } catch (IOException e) {
            return false; // the connection failed before the first byte, for example because the edge was killed
        }
    }
}
