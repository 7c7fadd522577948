package org.tallystick.platform.api;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.io.Connection;

/**
 * Closes a connection from an address that has as many open as one may have, so that nobody takes all of them by opening
 * many and saying nothing. Safe from any thread.
 */
final class OpenConnections implements Connection.Listener {
    private final long most;
    private final Map<String, Integer> open = new HashMap<>();

    /** Whose each connection is: one that is closed no longer says it. */
    private final Map<Connection, String> addresses = new HashMap<>();

    OpenConnections(long most) {
        this.most = most;
    }

    @Override
    public void onOpened(Connection connection) {
        if (more(connection) > most) {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        fewer(connection);
    }

    private synchronized int more(Connection connection) {
        String address = connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress from
                ? from.getHostString()
                : "";
        addresses.put(connection, address);
        return open.merge(address, 1, Integer::sum);
    }

    private synchronized void fewer(Connection connection) {
        Optional.ofNullable(addresses.remove(connection))
                .ifPresent(address -> open.computeIfPresent(address, (name, count) -> count == 1 ? null : count - 1));
    }
}
