package org.tallystick.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;

/**
 * A party's private Ed25519 key and its file: PKCS#8 in PEM (RFC 7468), as {@code openssl genpkey -algorithm ed25519}
 * writes it, readable by its owner only. Never shows the private part. Immutable, safe from any thread.
 */
public final class SigningKey {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final byte[] seed;
    private final DidKey did;

    private SigningKey(byte[] seed) {
        this.seed = seed.clone();
        this.did = new DidKey(JdkEd25519.publicKeyOf(seed));
    }

    /** A fresh key. */
    public static SigningKey generate() {
        byte[] seed = new byte[Ed25519Keys.KEY_BYTES];
        new SecureRandom().nextBytes(seed);
        return new SigningKey(seed);
    }

    /** The key of a 32-byte seed (RFC 8032); copied. */
    public static SigningKey ofSeed(byte[] seed) {
        if (seed.length != Ed25519Keys.KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        return new SigningKey(seed);
    }

    /**
     * Reads a key file.
     *
     * @throws IOException if it cannot be read, others could read it too, or it holds no Ed25519 key
     */
    public static SigningKey load(Path file) throws IOException {
        String pem = SecretFile.read(file).strip();
        Optional<byte[]> seed = seedOf(pem);
        return new SigningKey(seed.orElseThrow(() -> new IOException(file + " holds no Ed25519 key in PEM (PKCS#8)")));
    }

    /** The key of that file; a fresh one, written there, if there is no such file. */
    public static SigningKey loadOrGenerate(Path file) throws IOException {
        if (Files.exists(file)) {
            return load(file);
        }
        SigningKey key = generate();
        key.save(file);
        return key;
    }

    /** Writes the key file, mode 0600. */
    public void save(Path file) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(Ed25519Keys.pkcs8(seed));
        SecretFile.write(file, BEGIN + "\n" + body + "\n" + END + "\n");
    }

    /** The public key. */
    public DidKey did() {
        return did;
    }

    /** Signs with nothing but the JDK, about a thousand signatures a second. */
    public Signer signer() {
        return JdkEd25519.ofSeed(seed);
    }

    /** Signs with a faster provider, which is given a copy of the seed. */
    public Signer signer(Function<byte[], Signer> provider) {
        return provider.apply(seed.clone());
    }

    private static Optional<byte[]> seedOf(String pem) {
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
            return Optional.empty();
        }
        String body = pem.substring(BEGIN.length(), pem.length() - END.length());
        try {
            return Optional.of(Ed25519Keys.seedOf(Base64.getMimeDecoder().decode(body)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not base64, or another kind of key
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SigningKey that && Arrays.equals(seed, that.seed);
    }

    @Override
    public int hashCode() {
        return did.hashCode();
    }

    @Override
    public String toString() {
        return "SigningKey[" + did + "]";
    }
}
