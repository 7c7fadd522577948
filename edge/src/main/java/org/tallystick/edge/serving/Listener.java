package org.tallystick.edge.serving;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.tallystick.edge.sealing.Sealer;
import org.tallystick.edge.status.Metrics;
import org.tallystick.edge.status.Standing;

/**
 * Accepts connections and, when the edge stops, waits for answers under way. Uses native epoll where there is one, else
 * NIO.
 */
public final class Listener implements AutoCloseable {
    private static final int MAX_LINE = 4096;
    private static final int MAX_HEADERS = 16_384;
    private static final long MOST_NOT_SENT = 128 << 10;
    private static final long LOOK_EVERY_NANOS = 2_000_000;

    private final EventLoopGroup loops;
    private final Channel server;
    private final Set<Connection> connections;
    private final Duration drainTimeout;

    private Listener(EventLoopGroup loops, Channel server, Set<Connection> connections, Duration drainTimeout) {
        this.loops = loops;
        this.server = server;
        this.connections = connections;
        this.drainTimeout = drainTimeout;
    }

    /**
     * Where and how to listen.
     *
     * @param eventLoops threads that serve connections
     * @param maxConnections most open connections; those past it are closed at once
     * @param idleTimeout how long a connection may make no progress
     * @param deliveryTimeout how long one delivery may take
     * @param drainTimeout how long closing waits for answers under way
     */
    public record Settings(
            String host,
            int port,
            int eventLoops,
            int maxConnections,
            Duration idleTimeout,
            Duration deliveryTimeout,
            Duration drainTimeout) {}

    /**
     * Listens.
     *
     * @throws IOException where the address cannot be had
     */
    public static Listener open(
            Settings settings, Router router, Sealer sealer, Metrics metrics, InstantSource clock, Standing standing)
            throws IOException {
        Exchange.Answering answering =
                new Exchange.Answering(new Heads(clock), new Amendments(sealer, clock, metrics), metrics);
        boolean nativeEpoll = Epoll.isAvailable();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                settings.eventLoops(), nativeEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        Class<? extends ServerChannel> type =
                nativeEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        Set<Connection> connections = ConcurrentHashMap.newKeySet();
        ServerBootstrap server = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Acceptor(settings, router, answering, standing, connections));
        if (nativeEpoll) { // so that what the socket has taken is near what has been sent
            server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, MOST_NOT_SENT);
        }
        ChannelFuture bound = server.bind(new InetSocketAddress(settings.host(), settings.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + settings.host() + ":" + settings.port(), bound.cause());
        }
        return new Listener(loops, bound.channel(), connections, settings.drainTimeout());
    }

    /** Sets up each new connection, or closes it where there are too many. */
    private static final class Acceptor extends ChannelInitializer<Channel> {
        private final int maxConnections;
        private final Connection.Patience patience;
        private final Router router;
        private final Exchange.Answering answering;
        private final Standing standing;
        private final Set<Connection> connections;

        Acceptor(
                Settings settings,
                Router router,
                Exchange.Answering answering,
                Standing standing,
                Set<Connection> connections) {
            this.maxConnections = settings.maxConnections();
            this.patience = new Connection.Patience(
                    settings.idleTimeout().toNanos(), settings.deliveryTimeout().toNanos());
            this.router = router;
            this.answering = answering;
            this.standing = standing;
            this.connections = connections;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (connections.size() >= maxConnections) {
                answering.metrics().connectionsRefused.increment();
                var _ = channel.close();
                return;
            }
            answering.metrics().connections.increment();
            Connection connection = new Connection(channel, router, answering, standing, patience);
            connections.add(connection);
            var _ = channel.closeFuture().addListener(closed -> connections.remove(connection));
            channel.pipeline()
                    .addLast(new HttpRequestDecoder(new HttpDecoderConfig()
                            .setMaxInitialLineLength(MAX_LINE)
                            .setMaxHeaderSize(MAX_HEADERS)))
                    .addLast(connection);
        }
    }

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Connections now open. */
    public int connections() {
        return connections.size();
    }

    /** Takes no more connections, waits for answers under way, then closes what is left. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        long begun = System.nanoTime();
        for (Connection connection : connections) {
            connection.loop().execute(connection::finish);
        }
        while (!connections.isEmpty() && System.nanoTime() - begun < drainTimeout.toNanos()) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        for (Connection connection : connections) {
            connection.close();
        }
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
