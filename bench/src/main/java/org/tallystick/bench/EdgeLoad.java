package org.tallystick.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The client that measures both servers: keep-alive connections on one event loop, with requests written in advance;
 * answers are counted and dropped. It must cost little, because it runs on the same cores as the servers.
 */
final class EdgeLoad implements AutoCloseable {
    private static final int READ = 64 << 10;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

    /**
     * What a server is asked for.
     *
     * @param port of the server on this machine
     * @param requests whole requests, sent in turn
     * @param receipts whether each answer must carry a receipt
     */
    record Target(int port, List<byte[]> requests, boolean receipts) {}

    /**
     * The result of a run.
     *
     * @param perSecond answers a second
     * @param nanos how long each answer took, in nanoseconds, sorted
     * @param receipts some of the receipts in the answers
     */
    @SuppressWarnings("ArrayRecordComponent") // made once, read only
    record Result(double perSecond, long[] nanos, List<String> receipts) {
        /** A percentile of the answer times, in milliseconds. */
        double percentile(double percent) {
            int rank = (int) Math.ceil(percent / 100 * nanos.length);
            return nanos[Math.clamp(rank - 1, 0, nanos.length - 1)] / 1e6;
        }
    }

    /** Asks on every connection again as soon as the answer is there. */
    Result saturate(Target target, int connections, Duration length) throws InterruptedException {
        return run(target, connections, 0, length);
    }

    /**
     * Sends requests at a steady rate. An answer's time counts from when its request was due, so that a server that
     * stalls is charged for the requests that had to wait.
     */
    Result paced(Target target, int connections, double perSecond, Duration length) throws InterruptedException {
        return run(target, connections, (long) (connections * 1e9 / perSecond), length);
    }

    private Result run(Target target, int connections, long periodNanos, Duration length) throws InterruptedException {
        List<ByteBuf> requests = target.requests().stream()
                .map(request -> Unpooled.directBuffer(request.length).writeBytes(request))
                .toList();
        List<EdgeLoadConnection> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            all.add(connect(target, requests, i));
        }
        long begun = System.nanoTime();
        long end = begun + length.toNanos();
        for (int i = 0; i < connections; i++) {
            EdgeLoadConnection each = all.get(i);
            long first = begun + periodNanos * i / connections;
            each.loop().execute(() -> each.start(first, periodNanos, end));
        }
        for (EdgeLoadConnection each : all) {
            each.awaitEnd(length.plusSeconds(30));
        }
        requests.forEach(ByteBuf::release);
        double seconds = (System.nanoTime() - begun) / 1e9;
        long[] nanos = all.stream().flatMapToLong(EdgeLoadConnection::nanos).toArray();
        Arrays.sort(nanos);
        List<String> receipts =
                all.stream().flatMap(each -> each.receipts().stream()).toList();
        return new Result(nanos.length / seconds, nanos, receipts);
    }

    private EdgeLoadConnection connect(Target target, List<ByteBuf> requests, int number) throws InterruptedException {
        int first = (int) (number * 7919L % requests.size()); // each connection begins with another request
        return new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new EdgeLoadConnection(channel, requests, first, target.receipts()));
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()))
                .sync()
                .channel()
                .pipeline()
                .get(EdgeLoadConnection.class);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
