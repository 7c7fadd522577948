package org.tallystick.platform.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/**
 * What a client sends, held to a limit. Its failing is told apart from a failing of our own disk: the client's becomes a
 * {@link RefusedException}, which no code between here and the façade mistakes for its own.
 */
final class ClientStream extends FilterInputStream {
    private final Supplier<Problem> tooLong;
    private long left;

    /**
     * @param limit most bytes it may give
     * @param tooLong what to refuse with where it gives more
     */
    ClientStream(InputStream source, long limit, Supplier<Problem> tooLong) {
        super(source);
        this.left = limit;
        this.tooLong = tooLong;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        int read;
        try {
            read = super.read(buffer, offset, length);
        } catch (IOException e) {
            throw new RefusedException(IngestProblems.brokenOff());
        }
        if (read > left) {
            throw new RefusedException(tooLong.get());
        }
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public long skip(long bytes) {
        return 0; // every byte is to be counted and hashed
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {
        // the server closes its own request
    }
}
