package org.tallystick.platform.api;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.io.Connection;

/**
 * Closes a connection from an address that has as many open as one may have, so that nobody takes all of them by opening
 * many and saying nothing. Safe from any thread.
 */
final class OpenConnections implements Connection.Listener {
    private final long most;
    private final Map<String, Integer> open = new HashMap<>();

    OpenConnections(long most) {
        this.most = most;
    }

    @Override
    public void onOpened(Connection connection) {
        if (more(address(connection)) > most) {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        fewer(address(connection));
    }

    private synchronized int more(String address) {
        return open.merge(address, 1, Integer::sum);
    }

    private synchronized void fewer(String address) {
        open.computeIfPresent(address, (name, count) -> count == 1 ? null : count - 1);
    }

    private static String address(Connection connection) {
        return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress from
                ? from.getHostString()
                : "";
    }
}
