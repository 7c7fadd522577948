package org.tallystick.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.tallystick.protocol.receipt.Receipt;

/** One connection of {@link EdgeLoad}: one request under way at a time. Belongs to its event loop. */
final class EdgeLoadConnection extends ChannelInboundHandlerAdapter {
    private static final int LONGEST_HEAD = 8 << 10;
    private static final int KEEP_ONE_RECEIPT_OF = 997;

    private final Channel channel;
    private final List<ByteBuf> requests;
    private final boolean wantsReceipts;
    private final byte[] head = new byte[LONGEST_HEAD];
    private final Field length = new Field("content-length");
    private final Field receipt = new Field(Receipt.HTTP_HEADER);
    private final List<String> receipts = new ArrayList<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    private int next;
    private long due;
    private long period;
    private long end;
    private int headLength;
    private long bodyLeft;
    private boolean inBody;
    private long[] nanos = new long[1 << 12];
    private int answers;

    EdgeLoadConnection(Channel channel, List<ByteBuf> requests, int first, boolean wantsReceipts) {
        this.channel = channel;
        this.requests = requests;
        this.next = first;
        this.wantsReceipts = wantsReceipts;
    }

    /** A header field, sought first where it stood last time. */
    private static final class Field {
        private final byte[] name;
        private int last;

        Field(String name) {
            this.name = ("\r\n" + name + ": ").getBytes(StandardCharsets.US_ASCII);
        }

        /** Where the value begins, or -1. */
        int find(byte[] head, int headLength) {
            if (isAt(head, headLength, last)) {
                return last + name.length;
            }
            for (int at = 0; at <= headLength - name.length; at++) {
                if (isAt(head, headLength, at)) {
                    last = at;
                    return at + name.length;
                }
            }
            return -1;
        }

        private boolean isAt(byte[] head, int headLength, int at) {
            if (headLength - at < name.length) {
                return false;
            }
            int i = 0;
            while (i < name.length && lower(head[at + i]) == lower(name[i])) {
                i++;
            }
            return i == name.length;
        }

        private static int lower(byte c) {
            return c >= 'A' && c <= 'Z' ? c + 32 : c;
        }
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    /** @param everyNanos 0 to ask again at once */
    void start(long firstNanos, long everyNanos, long endNanos) {
        period = everyNanos;
        end = endNanos;
        due = firstNanos;
        ask();
    }

    private void ask() {
        long now = System.nanoTime();
        if (Math.max(now, due) >= end) {
            ended.complete(true);
            var _ = channel.close();
        } else if (period > 0 && due > now) {
            var _ = loop().schedule(this::send, due - now, TimeUnit.NANOSECONDS);
        } else {
            due = period == 0 ? now : due;
            send();
        }
    }

    private void send() {
        ByteBuf request = requests.get(next);
        next = next + 1 == requests.size() ? 0 : next + 1;
        var _ = channel.writeAndFlush(request.retainedDuplicate(), channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !ended.isDone()) {
                if (inBody) {
                    skip(in);
                } else {
                    takeHead(in);
                }
            }
        } finally {
            in.release();
        }
    }

    private void skip(ByteBuf in) {
        int skipped = (int) Math.min(bodyLeft, in.readableBytes());
        in.skipBytes(skipped);
        bodyLeft -= skipped;
        if (bodyLeft == 0) {
            inBody = false;
            answered();
        }
    }

    private void takeHead(ByteBuf in) {
        int more = Math.min(in.readableBytes(), head.length - headLength);
        in.getBytes(in.readerIndex(), head, headLength, more);
        int whole = endOfHead(Math.max(0, headLength - 3), headLength + more);
        if (whole < 0) {
            in.skipBytes(more);
            headLength += more;
            if (headLength == head.length) {
                fail("the head of an answer is too long");
            }
            return;
        }
        in.skipBytes(whole - headLength);
        headLength = 0;
        understand(whole);
    }

    /** Where the empty line that ends a head ends, or -1. */
    private int endOfHead(int from, int to) {
        for (int i = from; i + 3 < to; i++) {
            if (head[i] == '\r' && head[i + 2] == '\r' && head[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private void understand(int whole) {
        int lengthAt = length.find(head, whole);
        int receiptAt = wantsReceipts ? receipt.find(head, whole) : 0;
        boolean good = head[9] == '2' && head[10] == '0' && head[11] == '0';
        if (!good || lengthAt < 0 || receiptAt < 0) {
            fail("no 200 with length and receipt: " + new String(head, 0, whole, StandardCharsets.ISO_8859_1));
            return;
        }
        bodyLeft = 0;
        for (int i = lengthAt; head[i] >= '0' && head[i] <= '9'; i++) {
            bodyLeft = bodyLeft * 10 + head[i] - '0';
        }
        if (wantsReceipts && answers % KEEP_ONE_RECEIPT_OF == 0) {
            int stop = receiptAt;
            while (head[stop] != '\r') {
                stop++;
            }
            receipts.add(new String(head, receiptAt, stop - receiptAt, StandardCharsets.US_ASCII));
        }
        inBody = true;
    }

    private void answered() {
        if (answers == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * answers);
        }
        nanos[answers++] = System.nanoTime() - due;
        due += period;
        ask();
    }

    private void fail(String why) {
        ended.completeExceptionally(new IOException(why));
        var _ = channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended.completeExceptionally(new IOException("the server closed a connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ended.completeExceptionally(cause);
        var _ = context.close();
    }

    void awaitEnd(Duration atMost) throws InterruptedException {
        try {
            ended.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the load broke off", e);
        }
    }

    /** How long each answer took. To be called after the end. */
    LongStream nanos() {
        return Arrays.stream(nanos, 0, answers);
    }

    List<String> receipts() {
        return receipts;
    }
}
