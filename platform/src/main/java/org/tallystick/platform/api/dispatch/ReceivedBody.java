package org.tallystick.platform.api.dispatch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * A request's body, read to its end before anything else is done for the request. A short one lies in memory; a longer one in
 * a temporary file until this is closed, so that thousands who send at the same moment take disk and not memory.
 */
final class ReceivedBody implements AutoCloseable {
    /** A body longer than this lies in a file, in bytes. */
    private static final int IN_MEMORY = 64 << 10;

    private final byte[] start;
    private final Optional<Path> file;
    private final long length;
    private final Hash hash;

    private ReceivedBody(byte[] start, Optional<Path> file, long length, Hash hash) {
        this.start = start;
        this.file = file;
        this.length = length;
        this.hash = hash;
    }

    /**
     * Reads a body to its end.
     *
     * @param temporary where a file may lie
     */
    static ReceivedBody read(InputStream in, Path temporary) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        byte[] buffer = in.readNBytes(IN_MEMORY);
        digest.update(buffer);
        if (buffer.length < IN_MEMORY) {
            return new ReceivedBody(buffer, Optional.empty(), buffer.length, Hash.of(digest.digest()));
        }
        Path file = Files.createTempFile(temporary, "body", "");
        try (OutputStream out = Files.newOutputStream(file)) {
            long length = 0;
            for (int count = buffer.length; count >= 0; count = in.read(buffer)) {
                if (length > 0) {
                    digest.update(buffer, 0, count);
                }
                out.write(buffer, 0, count);
                length += count;
            }
            return new ReceivedBody(new byte[0], Optional.of(file), length, Hash.of(digest.digest()));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** In bytes. */
    long length() {
        return length;
    }

    /** SHA-256 over it. */
    Hash hash() {
        return hash;
    }

    /** All of it, in memory. */
    byte[] bytes() throws IOException {
        return file.isPresent() ? Files.readAllBytes(file.get()) : Arrays.copyOf(start, start.length);
    }

    /** All of it from its beginning, a piece at a time. */
    InputStream open() throws IOException {
        return file.isPresent() ? Files.newInputStream(file.get()) : new ByteArrayInputStream(start);
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }
}
