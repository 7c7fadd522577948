package org.tallystick.platform.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;

/** The wire between the platform and its database, with somebody's hand on the plug. */
public final class Line implements AutoCloseable {
    private final ServerSocket server;
    private final int port;
    private final String url;
    private final String password;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean cutAfterCommit;
    private final AtomicInteger messages = new AtomicInteger(Integer.MIN_VALUE);
    private volatile int cutAt;
    private volatile boolean delivered;

    /** A line to the database that the given one is connected to. */
    public Line(Database direct) throws IOException {
        port = direct.read(tx ->
                tx.select("select inet_server_port()").mapTo(Integer.class).one());
        String name = direct.read(
                tx -> tx.select("select current_database()").mapTo(String.class).one());
        String data = direct.read(
                tx -> tx.select("show data_directory").mapTo(String.class).one());
        password = Files.readString(DurableDirectory.parent(Path.of(data)).resolve("password"))
                .strip();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        url = "jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/" + name;
        Thread.ofVirtual().start(this::accept);
    }

    /** The database at the other end. */
    public Database database() {
        return Database.open(new DatabaseConfig.External(url, "tallystick", password), InstantSource.system());
    }

    /** Breaks all connections and refuses new ones. */
    void cut() {
        cut = true;
        sockets.forEach(Line::close);
    }

    /**
     * Breaks the line at a message to the server, counting from now.
     *
     * @param arrives whether the server gets it before the line breaks
     */
    public void cutAt(int message, boolean arrives) {
        cutAt = message;
        delivered = arrives;
        messages.set(0);
    }

    /** Whether the message has come at which the line breaks. */
    public boolean wasCut() {
        return cut;
    }

    /** Lets the next commit reach the server, and breaks the line before the answer comes back. */
    void cutAfterCommit() {
        cutAfterCommit = true;
    }

    public void mend() {
        cutAfterCommit = false;
        messages.set(Integer.MIN_VALUE);
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                if (cut) {
                    close(client);
                    continue;
                }
                Socket database = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(database);
                Thread.ofVirtual().start(() -> forward(client, database, true));
                Thread.ofVirtual().start(() -> forward(database, client, false));
            }
        } catch (IOException e) {
            sockets.forEach(Line::close);
        }
    }

    private void forward(Socket from, Socket to, boolean toServer) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[8192];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                String text = new String(chunk, 0, read, StandardCharsets.ISO_8859_1);
                if (toServer && cutAfterCommit && text.contains("COMMIT")) {
                    cut = true;
                    sockets.remove(to);
                    sockets.forEach(Line::close);
                    out.write(chunk, 0, read);
                    out.flush();
                    Thread.sleep(200);
                    return;
                }
                if (toServer && messages.getAndIncrement() == cutAt) {
                    cut = true;
                    sockets.remove(to);
                    sockets.forEach(Line::close);
                    if (delivered) {
                        out.write(chunk, 0, read);
                        out.flush();
                        Thread.sleep(20);
                    }
                    return;
                }
                out.write(chunk, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            close(from); // the other side is gone, or the line was cut
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        sockets.forEach(Line::close);
    }
}
