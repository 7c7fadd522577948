package org.tallystick.edge.serving;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.cache.Work;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.refusal.RefusedException;
import org.tallystick.edge.sealing.PendingLeaf;
import org.tallystick.edge.sealing.SealListener;
import org.tallystick.edge.sealing.SealedBatch;
import org.tallystick.edge.status.Metrics;

/**
 * One request on its way to an answer. Holds its place in the order of its connection, so that answers leave in the
 * order of requests however long each takes. A delivery whose leaf is sealed and whose bytes do not all reach the
 * socket is amended by a leaf that says how many did. Belongs to its connection's event loop, all of it.
 */
final class Exchange implements SealListener, ChannelProgressiveFutureListener {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Owner owner;
    private final Channel channel;
    private final Answering answering;
    private final boolean head;
    private final Heads.Persistence persistence;

    private Optional<Prepared> prepared = Optional.empty();
    private Optional<Receipted> receipted = Optional.empty();
    private Optional<ByteBuf> start = Optional.empty();
    private Optional<ReferenceCounted> body = Optional.empty();
    private Optional<Trickle> trickle = Optional.empty();
    private boolean writesBody;
    private long handed; // bytes of the body that the socket has taken
    private boolean gone;

    Exchange(Owner owner, Channel channel, Answering answering, boolean head, Heads.Persistence persistence) {
        this.owner = owner;
        this.channel = channel;
        this.answering = answering;
        this.head = head;
        this.persistence = persistence;
    }

    /** The connection, as far as an exchange needs it. */
    interface Owner {
        /** Writes the answers that are ready, in the order of their requests. */
        void send();

        /** An answer has left, or never will; {@code last} where the connection closes after it. */
        void written(boolean last);

        void close();
    }

    /** What every answer needs, the same for all connections. */
    record Answering(Heads heads, Amendments amendments, Metrics metrics) {}

    /** What will be sent once the leaf is sealed; {@code work} is empty where there is no body. */
    record Prepared(
            PendingLeaf.Delivery delivery, Account account, Offer offer, Heads.BodyRange part, Optional<Work> work) {
        void release() {
            work.ifPresent(Work::release);
        }
    }

    /** A sealed leaf whose delivery is not complete. */
    private record Receipted(PendingLeaf.Delivery delivery, Account account, SealedBatch batch, int index) {}

    @Override
    public EventLoop executor() {
        return channel.eventLoop();
    }

    /** Whether the request was HEAD. */
    boolean isHead() {
        return head;
    }

    /** Whether the connection closes after this answer. */
    boolean closes() {
        return persistence == Heads.Persistence.CLOSE;
    }

    /** Whether there is something to write. */
    boolean isReady() {
        return start.isPresent();
    }

    void refuse(Refusal refusal) {
        answering.metrics().refused(refusal.reason());
        if (!gone) {
            ready(answering.heads().refusal(channel.alloc(), refusal, head, persistence));
            send();
        }
    }

    void document(int status, String type, byte[] content) {
        if (!gone) {
            ready(answering.heads().document(channel.alloc(), status, type, content, head, persistence));
            send();
        }
    }

    private void ready(ByteBuf first) {
        if (start.isPresent()) {
            first.release();
            throw new IllegalStateException("a request has one answer");
        }
        start = Optional.of(first);
    }

    /** Calls {@code next} on the event loop with the future's value; a failure becomes the answer, as a refusal. */
    <T> void await(CompletableFuture<T> future, Consumer<T> next) {
        var _ = future.whenComplete((value, failure) -> executor().execute(() -> {
            if (gone) {
                return;
            }
            if (failure == null) {
                next.accept(value);
                return;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof RefusedException refused) {
                refuse(refused.refusal());
            } else {
                LOG.error("a request failed", cause);
                refuse(Refusal.of(RefusalReason.CACHE_UNAVAILABLE));
            }
        }));
    }

    /** Remembers what to send, before the leaf is handed to the sealer. */
    void prepare(Prepared what) {
        prepared = Optional.of(what);
    }

    /** Releases what was prepared, because the sealer did not take the leaf. */
    void unprepare() {
        prepared.ifPresent(Prepared::release);
        prepared = Optional.empty();
    }

    @Override
    public void sealed(SealedBatch batch, int index) {
        Prepared what = prepared.orElseThrow(() -> new IllegalStateException("nothing was prepared"));
        prepared = Optional.empty();
        receipted = Optional.of(new Receipted(what.delivery(), what.account(), batch, index));
        if (gone) {
            what.release();
            amend();
            return;
        }
        ready(answering
                .heads()
                .delivery(channel.alloc(), what.offer(), what.part(), batch.receipt(index), persistence));
        Heads.BodyRange part = what.part();
        what.work().ifPresent(work -> {
            if (work instanceof Work.Arriving arriving) {
                trickle = Optional.of(new Trickle(channel, arriving, part.from(), part.from() + part.length()));
            } else {
                body = Optional.of(work.body(part.from(), part.length()));
            }
        });
    }

    @Override
    public void unsealed(RefusalReason reason) {
        prepared.ifPresent(what -> what.account().cancel());
        unprepare();
        refuse(Refusal.of(reason));
    }

    @Override
    public void send() {
        owner.send();
    }

    /** Writes the answer, without flushing. */
    void write() {
        ByteBuf first = start.orElseThrow(() -> new IllegalStateException("nothing to write"));
        start = Optional.empty();
        ChannelProgressivePromise last = channel.newProgressivePromise();
        var _ = last.addListener(this);
        if (trickle.isPresent()) {
            writesBody = true;
            var _ = channel.write(first, channel.voidPromise());
            trickle.get().begin(last);
        } else if (body.isPresent()) {
            writesBody = true;
            var _ = channel.write(first, channel.voidPromise());
            var _ = channel.write(body.get(), last);
            body = Optional.empty();
        } else {
            var _ = channel.write(first, last);
        }
        if (closes()) {
            var _ = last.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Whether its body goes out in pieces, so that the next answer has to wait for its end. */
    boolean isTrickling() {
        return trickle.isPresent();
    }

    /** The connection closed while the answer was going out in pieces. */
    void breakOff() {
        trickle.ifPresent(Trickle::breakOff);
    }

    /** Called when the socket has taken some more bytes. */
    @Override
    public void operationProgressed(ChannelProgressiveFuture writing, long progress, long total) {
        handed = writesBody ? progress : 0;
    }

    /** Called when the socket has taken all bytes of the answer, or never will. */
    @Override
    public void operationComplete(ChannelProgressiveFuture written) {
        trickle.ifPresent(Trickle::release);
        trickle = Optional.empty();
        if (written.isSuccess()) {
            receipted.ifPresent(complete -> {
                long bytes = complete.delivery().bytes();
                answering.metrics().bytesDelivered.add(bytes);
                complete.account().close(answering.metrics(), bytes);
            });
            receipted = Optional.empty();
        } else {
            amend();
            owner.close();
        }
        owner.written(closes());
    }

    /** The connection closed before the answer was written. */
    void abandon() {
        gone = true;
        start.ifPresent(ReferenceCountUtil::release);
        body.ifPresent(ReferenceCountUtil::release);
        trickle.ifPresent(Trickle::release);
        trickle = Optional.empty();
        start = Optional.empty();
        body = Optional.empty();
        amend();
    }

    private void amend() {
        if (receipted.isEmpty()) {
            return;
        }
        Receipted broken = receipted.get();
        receipted = Optional.empty();
        long bytes = broken.delivery().bytes();
        broken.account().close(answering.metrics(), handed);
        answering.metrics().bytesDelivered.add(handed);
        if (handed < bytes || bytes == 0) {
            answering.amendments().amend(broken.delivery(), broken.batch(), broken.index(), handed);
        }
    }
}
