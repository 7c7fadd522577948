package org.tallystick.sdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.Scope;

/**
 * The one secret from which a buyer makes the seeds of all its job orders, so that a lost seed costs nothing. Whoever has it
 * can ask for every work the buyer orders: workers get the seed of their order instead. Immutable, thread-safe.
 */
public final class ReleaseSecret {
    private final byte[] secret;

    private ReleaseSecret(byte[] secret) {
        this.secret = secret.clone();
        if (secret.length < ReleaseSeed.LENGTH) {
            throw new IllegalArgumentException("a secret has at least " + ReleaseSeed.LENGTH + " bytes");
        }
    }

    /** A secret that is kept elsewhere, at least 32 bytes that nobody can guess. */
    public static ReleaseSecret of(byte[] secret) {
        return new ReleaseSecret(secret);
    }

    /**
     * The secret in a file that only its owner may read; made where there is none.
     *
     * @throws UncheckedIOException if it cannot be read or written, or others may read it
     */
    public static ReleaseSecret in(Path file) {
        try {
            if (Files.notExists(file)) {
                byte[] fresh = new byte[ReleaseSeed.LENGTH];
                new SecureRandom().nextBytes(fresh);
                SecretFile.write(file, Base64Url.encode(fresh));
            }
            return new ReleaseSecret(Base64Url.decode(SecretFile.read(file).strip(), "release/secret"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ReleaseSeed seed(String contract, String job, Scope scope, int number) {
        return ReleaseSeed.derive(secret, contract, job, scope, number);
    }

    @Override
    public String toString() {
        return "ReleaseSecret";
    }
}
