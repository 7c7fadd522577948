package org.tallystick.cli.supervise;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Reasons;

/** Finds free TCP ports on the loopback interface, so that a child keeps its port across restarts. */
public final class Ports {
    private Ports() {}

    /** So many different ports that nothing listened on a moment ago. */
    public static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    /** Whether something listens on the port already. */
    public static boolean inUse(int port) {
        return objection(port).isPresent();
    }

    /** Why a port cannot be listened on, in words that follow "port 80"; empty where it can. */
    public static Optional<String> objection(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Optional.empty();
        } catch (IOException e) {
            boolean permission = Reasons.of(e).contains("ermission");
            return Optional.of(permission ? "may be opened by the system's administrator only" : "is in use");
        }
    }
}
