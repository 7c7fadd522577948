package org.tallystick.edge.serving;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.status.Standing;
import org.tallystick.protocol.codec.Reasons;

/**
 * One client connection: takes requests, pipelined or not, lets the router answer each, and writes the answers in the
 * order of the requests. Reads no further while too much waits to be answered or written, so that a client can make the
 * edge hold only so much. Belongs to its event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Exchange.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int MOST_WAITING = 128;

    private final Channel channel;
    private final Router router;
    private final Exchange.Answering answering;
    private final Standing standing;
    private final Patience patience;
    private final long idleNanos;
    private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    private Optional<Exchange> trickling = Optional.empty();
    private int writing;
    private boolean closing;
    private boolean readNoRequest; // whether the last bytes read completed no request
    private long lastProgress = System.nanoTime();
    private long lastTraffic = lastProgress;
    private long writingSince; // when the answer now being written began, where there is one
    private Unsent unsent = new Unsent(0, 0);

    /** Bytes that had not left when the idle timer last looked, and how far the first of them had come. */
    private record Unsent(long bytes, long progress) {}

    /**
     * How long a connection is waited for.
     *
     * @param idleNanos without progress, in nanoseconds
     * @param deliveryNanos for one answer to be taken, in nanoseconds, however slowly
     */
    record Patience(long idleNanos, long deliveryNanos) {}

    Connection(Channel channel, Router router, Exchange.Answering answering, Standing standing, Patience patience) {
        this.channel = channel;
        this.router = router;
        this.answering = answering;
        this.standing = standing;
        this.patience = patience;
        this.idleNanos = patience.idleNanos();
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        watch(idleNanos);
    }

    private void watch(long nanos) {
        long soon = Math.min(nanos, patience.deliveryNanos());
        var _ = channel.eventLoop().schedule(this::letGoIfIdle, soon, TimeUnit.NANOSECONDS);
    }

    /**
     * Closes the connection where no bytes moved either way for the idle timeout and the edge owes it no answer, or where one
     * answer has been on its way for too long.
     */
    private void letGoIfIdle() {
        if (!channel.isOpen()) {
            return;
        }
        long now = System.nanoTime();
        Unsent found = Optional.ofNullable(channel.unsafe().outboundBuffer())
                .map(buffer -> new Unsent(buffer.totalPendingWriteBytes(), buffer.currentProgress()))
                .orElse(unsent);
        if (!found.equals(unsent)) {
            unsent = found;
            lastTraffic = now;
        }
        if (writing > 0 && now - writingSince >= patience.deliveryNanos()) {
            LOG.debug("a delivery has taken too long and is broken off");
            var _ = channel.close();
            return;
        }
        long left = lastTraffic + idleNanos - now;
        boolean owesAnswer = !waiting.isEmpty() && writing == 0;
        if (left > 0 || owesAnswer) {
            watch(left > 0 ? left : idleNanos);
        } else {
            LOG.debug("a connection is idle and let go");
            var _ = channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (closing) {
                return; // what follows the last request is not answered
            }
            if (message instanceof HttpRequest request) {
                lastProgress = System.nanoTime();
                readNoRequest = false;
                take(request);
            } else if (message instanceof HttpContent content
                    && !content.decoderResult().isSuccess()) {
                closing = true;
                var _ = context.close();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(HttpRequest request) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        Optional<Refusal> refusal = formal(request);
        boolean close = refusal.isPresent() || !HttpUtil.isKeepAlive(request) || standing.isStopping();
        boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        Exchange exchange = new Exchange(
                this,
                channel,
                answering,
                head,
                close ? Heads.Persistence.CLOSE : old ? Heads.Persistence.KEEP : Heads.Persistence.USUAL);
        closing = close;
        waiting.addLast(exchange);
        if (refusal.isPresent()) {
            exchange.refuse(refusal.get());
        } else {
            router.answer(exchange, request);
        }
        regulate();
    }

    /** What makes a request invalid HTTP for this server; after such a request the connection closes. */
    private static Optional<Refusal> formal(HttpRequest request) {
        DecoderResult decoded = request.decoderResult();
        if (!decoded.isSuccess()) {
            return Optional.of(malformed(decoded.cause()));
        }
        boolean current = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (!current && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return Optional.of(
                    Refusal.of(RefusalReason.REQUEST_MALFORMED, "Only HTTP/1.0 and HTTP/1.1 are spoken here."));
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (current && hosts == 0)) {
            return Optional.of(Refusal.of(RefusalReason.REQUEST_MALFORMED, "A request names its host once."));
        }
        String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0");
        if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING) || !length.equals("0")) {
            boolean allowed =
                    request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
            return Optional.of(Refusal.of(allowed ? RefusalReason.REQUEST_BODY : RefusalReason.METHOD_NOT_ALLOWED));
        }
        return Optional.empty();
    }

    private static Refusal malformed(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException e -> Refusal.of(RefusalReason.REQUEST_TARGET_TOO_LONG);
            case TooLongHttpHeaderException e -> Refusal.of(RefusalReason.REQUEST_TOO_LARGE);
            default -> Refusal.of(RefusalReason.REQUEST_MALFORMED);
        };
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lastTraffic = System.nanoTime();
        if (readNoRequest && waiting.isEmpty() && lastTraffic - lastProgress > 2 * idleNanos) {
            var _ = context.close(); // a request that comes byte by byte would hold its place for ever
        }
        readNoRequest = true;
        context.fireChannelReadComplete();
    }

    /** Writes what is ready at the front of the queue, then flushes once. */
    @Override
    public void send() {
        boolean wrote = false;
        while (trickling.isEmpty() && !waiting.isEmpty() && waiting.getFirst().isReady() && channel.isWritable()) {
            if (writing++ == 0) {
                writingSince = System.nanoTime();
            }
            Exchange next = waiting.removeFirst();
            if (next.isTrickling()) {
                trickling = Optional.of(next);
            }
            next.write();
            wrote = true;
        }
        if (wrote) {
            channel.flush();
        }
    }

    @Override
    public void written(boolean last) {
        writing--;
        boolean another = trickling.isPresent() && !trickling.get().isTrickling();
        trickling = another ? Optional.empty() : trickling;
        lastProgress = System.nanoTime();
        lastTraffic = lastProgress;
        writingSince = lastProgress;
        closing |= last;
        regulate();
        if (another) {
            send();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        send();
        regulate();
        context.fireChannelWritabilityChanged();
    }

    private void regulate() {
        boolean read = waiting.size() + writing < MOST_WAITING && channel.isWritable();
        if (channel.config().isAutoRead() != read && channel.isActive()) {
            channel.config().setAutoRead(read);
        }
    }

    /** Stops taking requests; closes once those taken are answered. */
    void finish() {
        if (waiting.isEmpty() && writing == 0) {
            var _ = channel.close();
        } else {
            closing = true;
            var _ = channel.eventLoop().schedule(this::finish, 5, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        var _ = channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().abandon();
        }
        trickling.ifPresent(Exchange::breakOff);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection broke: {}", Reasons.of(cause));
        } else {
            LOG.warn("connection failed", cause);
        }
        var _ = context.close();
    }
}
