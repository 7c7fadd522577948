package org.tallystick.platform.api.dispatch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A body that must come at a pace: whoever sends a byte now and then, or falls silent, is not waited for without end. */
final class Hurried extends FilterInputStream {
    private final long grace;
    private final long rate;
    private final long begun = System.nanoTime();
    private long brought;

    Hurried(InputStream in, Limits limits) {
        super(in);
        this.grace = limits.seconds(Limit.BODY_GRACE).toNanos();
        this.rate = limits.of(Limit.BODY_RATE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count;
        try {
            count = super.read(buffer, offset, length);
        } catch (IOException e) {
            if (isSilence(e)) {
                throw tooSlow();
            }
            throw e;
        }
        brought += Math.max(count, 0);
        long allowed = grace + Duration.ofSeconds(brought / rate).toNanos();
        if (count >= 0 && System.nanoTime() - begun > allowed) {
            throw tooSlow();
        }
        return count;
    }

    /** The web server gives up a connection on which nothing moves by an exception that has this cause. */
    private static boolean isSilence(IOException e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static HttpRefusedException tooSlow() {
        return Limits.passed(
                Limit.BODY_RATE, "the body came too slowly; nothing was done with what came of it. Send it again");
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
