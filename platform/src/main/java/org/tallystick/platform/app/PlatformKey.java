package org.tallystick.platform.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.NoteSigner;

/**
 * The platform's signing key: made at the first start, kept as a file only its owner can read. The public half stands
 * beside it as verifier-key text, which is all anyone needs to check what the platform signs.
 */
final class PlatformKey {
    private static final String SECRET = "platform.key";
    private static final String PUBLIC = "platform.key.txt";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private PlatformKey() {}

    /**
     * Reads the key of a data directory, or makes it.
     *
     * @throws IllegalStateException if the key belongs to another origin, or is no key
     */
    static NoteSigner in(Path data, String origin) {
        try {
            Files.createDirectories(data);
            Path secret = data.resolve(SECRET);
            if (Files.notExists(secret)) {
                write(secret);
            }
            NoteSigner signer = new NoteSigner(origin, Ed25519.signer(read(secret)));
            publish(data.resolve(PUBLIC), signer);
            return signer;
        } catch (IOException e) {
            throw new UncheckedIOException("the platform's key in " + data + " cannot be used", e);
        }
    }

    private static void write(Path secret) throws IOException {
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        Path draft = secret.resolveSibling(SECRET + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(draft, HexFormat.of().formatHex(seed) + "\n");
        Files.move(draft, secret, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] read(Path secret) throws IOException {
        String text = Files.readString(secret).strip();
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IllegalStateException(secret + " holds no key of 64 hexadecimal digits");
        }
        return HexFormat.of().parseHex(text);
    }

    private static void publish(Path file, NoteSigner signer) throws IOException {
        String text = signer.key() + "\n";
        if (Files.notExists(file)) {
            Files.writeString(file, text);
        } else if (!Files.readString(file).equals(text)) {
            throw new IllegalStateException(
                    file + " names another key or origin; a platform keeps both for as long as it has its log");
        }
    }
}
