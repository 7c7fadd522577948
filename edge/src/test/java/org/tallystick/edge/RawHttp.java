package org.tallystick.edge;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Receipt;

/** A client that sends exactly the bytes it is told and shows exactly what comes back; can pipeline and break off. */
final class RawHttp implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawHttp(int port) throws IOException {
        socket = new Socket(java.net.InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /** A response: header names in lower case. */
    @SuppressWarnings("ArrayRecordComponent")
    record Response(int status, Map<String, List<String>> headers, byte[] body) {
        String header(String name) {
            List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
            if (values == null) {
                throw new AssertionError("no " + name + " in " + headers);
            }
            return String.join(", ", values);
        }

        boolean has(String name) {
            return headers.containsKey(name.toLowerCase(Locale.ROOT));
        }

        Receipt receipt() {
            return Receipt.parse(header(Receipt.HTTP_HEADER));
        }

        /** The slug of the problem, empty where it is none. */
        String problem() {
            if (body.length == 0
                    || !has("content-type")
                    || !header("content-type").equals("application/problem+json")) {
                return "";
            }
            Fields fields = Fields.of(Json.parse(body), "problem");
            assertStatus(fields.integer("status", 100, 599));
            return fields.text("type").replace("https://tallystick.org/problems/", "");
        }

        private void assertStatus(long stated) {
            if (stated != status) {
                throw new AssertionError("status " + status + " but the problem says " + stated);
            }
        }
    }

    static String get(String path, String token, String... headers) {
        return request("GET", path, token, headers);
    }

    static String request(String method, String path, String token, String... headers) {
        StringBuilder out = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: edge\r\n");
        if (!token.isEmpty()) {
            out.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (String header : headers) {
            out.append(header).append("\r\n");
        }
        return out.append("\r\n").toString();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends and says that nothing more will come. */
    void sendAndFinish(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
    }

    Response call(String request) throws IOException {
        send(request);
        return read(request.startsWith("HEAD"));
    }

    Response read(boolean head) throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status[1]);
        byte[] body = new byte[0];
        if (!head && code != 304) {
            int length = Integer.parseInt(
                    headers.getOrDefault("content-length", List.of("0")).getFirst());
            body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("body of " + body.length + " bytes instead of " + length);
            }
        }
        return new Response(code, headers, body);
    }

    /** The head of an answer and so many bytes of its body, which is longer. */
    byte[] headAndBody(int bytes) throws IOException {
        skipHead();
        return body(bytes);
    }

    private void skipHead() throws IOException {
        String line = line();
        while (!line.isEmpty()) {
            line = line();
        }
    }

    /** So many further bytes of a body. */
    byte[] body(int bytes) throws IOException {
        byte[] body = in.readNBytes(bytes);
        if (body.length < bytes) {
            throw new EOFException("body of " + body.length + " bytes instead of " + bytes);
        }
        return body;
    }

    /** Reads an answer whose body ends too early; the bytes that came. */
    byte[] bodyUntilItBreaks() throws IOException {
        java.io.ByteArrayOutputStream came = new java.io.ByteArrayOutputStream();
        try {
            skipHead();
            in.transferTo(came);
        } catch (java.net.SocketException e) {
            return came.toByteArray(); // closed hard, with bytes under way
        }
        return came.toByteArray();
    }

    private String line() throws IOException {
        byte[] out = new byte[128];
        int length = 0;
        int c = in.read();
        while (c != '\n') {
            if (c < 0) {
                throw new EOFException("the connection closed");
            }
            if (length == out.length) {
                out = Arrays.copyOf(out, 2 * length);
            }
            out[length++] = (byte) c;
            c = in.read();
        }
        return new String(
                out, 0, length > 0 && out[length - 1] == '\r' ? length - 1 : length, StandardCharsets.ISO_8859_1);
    }

    /** Whether the other side has closed, after waiting for it. */
    boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** A small receive window, so that the other side's writes fill up. */
    static RawHttp narrow(int port) throws IOException {
        return new RawHttp(port, 4096);
    }

    private RawHttp(int port, int window) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(window);
        socket.connect(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(20_000);
        in = socket.getInputStream();
    }

    int readSome(int most) throws IOException {
        return in.readNBytes(most).length;
    }

    /** Reads what is there, up to so many bytes; none once the connection is gone. */
    int readAtMost(int most) throws IOException {
        try {
            return Math.max(0, in.read(new byte[most]));
        } catch (java.net.SocketException e) {
            return 0;
        }
    }

    /** Closes hard, as a client that dies does. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
