package org.tallystick.edge.serving;

import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import java.nio.channels.ClosedChannelException;
import org.tallystick.edge.cache.Work;

/**
 * Sends a work while it arrives: whatever is proven, in pieces, one after the other, waiting for the socket and for the
 * platform by turns. Where no more of the work comes, the promise fails, and with it the delivery. Belongs to its
 * connection's event loop.
 */
final class Trickle implements ChannelProgressiveFutureListener {
    private static final long LARGEST_PIECE = 4 << 20;

    private final Channel channel;
    private final Work.Arriving work;
    private final long from;
    private final long end;
    private ChannelProgressivePromise whole;
    private long at;
    private long piece; // bytes on their way to the socket
    private boolean released;

    /**
     * @param from first byte to send
     * @param end the byte after the last
     */
    Trickle(Channel channel, Work.Arriving work, long from, long end) {
        this.channel = channel;
        this.work = work;
        this.from = from;
        this.end = end;
        this.at = from;
        this.whole = channel.newProgressivePromise();
    }

    /**
     * Begins to send.
     *
     * @param promise is told how far the socket is, and completes with the last byte
     */
    void begin(ChannelProgressivePromise promise) {
        whole = promise;
        next();
    }

    private void next() {
        if (whole.isDone()) {
            return;
        }
        long ready = Math.min(work.arrival().proven(), end);
        if (ready > at) {
            piece = Math.min(ready - at, LARGEST_PIECE);
            ChannelProgressivePromise sent = channel.newProgressivePromise();
            var _ = sent.addListener(this);
            var _ = channel.writeAndFlush(work.body(at, piece), sent);
            return;
        }
        var _ = work.arrival()
                .reaches(at)
                .whenComplete((fetched, failure) -> channel.eventLoop().execute(() -> {
                    if (failure == null) {
                        next();
                    } else {
                        whole.tryFailure(failure);
                    }
                }));
    }

    @Override
    public void operationProgressed(ChannelProgressiveFuture sending, long progress, long total) {
        whole.tryProgress(at - from + progress, end - from);
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture sent) {
        if (!sent.isSuccess()) {
            whole.tryFailure(sent.cause());
            return;
        }
        at += piece;
        whole.tryProgress(at - from, end - from);
        if (at == end) {
            whole.trySuccess();
        } else {
            next();
        }
    }

    /** Sends no more: the connection is gone. */
    void breakOff() {
        whole.tryFailure(new ClosedChannelException());
    }

    /** Lets go of the file, once nothing more is sent from it. */
    void release() {
        if (!released) {
            released = true;
            work.release();
        }
    }
}
