package org.tallystick.platform.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.tallystick.protocol.sign.Ed25519Keys;

/**
 * The platform's signing key: PKCS#8 in PEM, made on first start, mode 0600. Whoever has it can sign as the platform, and
 * without it nothing signed so far can be continued, so it is never replaced.
 */
final class PlatformKey {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private PlatformKey() {}

    /**
     * The seed in that file; a fresh one, written and synced there, if there is no such file.
     *
     * @throws UncheckedIOException if it cannot be read or written, or holds no Ed25519 key
     */
    static byte[] loadOrMake(Path file) {
        try {
            if (Files.exists(file)) {
                return read(file);
            }
            byte[] seed = new byte[Ed25519Keys.KEY_BYTES];
            new SecureRandom().nextBytes(seed);
            write(file, seed);
            return seed;
        } catch (IOException e) {
            throw new UncheckedIOException("the platform's key " + file + " cannot be used", e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
            throw new IOException("not a private key in PEM");
        }
        try {
            return Ed25519Keys.seedOf(
                    Base64.getMimeDecoder().decode(pem.substring(BEGIN.length(), pem.length() - END.length())));
        } catch (IllegalArgumentException e) {
            throw new IOException("not an Ed25519 key", e);
        }
    }

    private static void write(Path file, byte[] seed) throws IOException {
        String pem = BEGIN + "\n" + Base64.getEncoder().encodeToString(Ed25519Keys.pkcs8(seed)) + "\n" + END + "\n";
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
