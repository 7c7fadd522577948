package org.tallystick.edge.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.tallystick.edge.spool.EpochSpool;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.sign.Signer;

/**
 * One key of this edge, its certificate, and the numbers and batches under it. The salt of a leaf is a hash of a secret
 * and the leaf's number, and the secret a hash of the key's seed: an auditor may be given the secret without the key.
 */
public final class Epoch {
    private static final byte[] SALT_DOMAIN = "tallystick/leaf-salt/v1\n".getBytes(StandardCharsets.US_ASCII);

    private final EdgeCertificate certificate;
    private final String compact;
    private final Signer signer;
    private final byte[] saltSecret;
    private final Numbers numbers;
    private final EpochSpool spool;
    private final long notBefore;
    private final long expires;

    Epoch(EdgeCertificate certificate, String compact, Signer signer, byte[] seed, Numbers numbers, EpochSpool spool) {
        this.certificate = certificate;
        this.compact = compact;
        this.signer = signer;
        this.saltSecret = saltSecret(seed);
        this.numbers = numbers;
        this.spool = spool;
        this.notBefore = certificate.notBefore().toEpochMilli();
        this.expires = certificate.expires().toEpochMilli();
    }

    /** The secret behind the salts of the epoch with that key. */
    public static byte[] saltSecret(byte[] seed) {
        byte[] input = Arrays.copyOf(SALT_DOMAIN, SALT_DOMAIN.length + seed.length);
        System.arraycopy(seed, 0, input, SALT_DOMAIN.length, seed.length);
        return Sha256.hash(input).toBytes();
    }

    /** The salt of a leaf: the first 16 bytes of SHA-256(secret ‖ u64 sequence). */
    public static byte[] salt(byte[] secret, long sequence) {
        byte[] input = ByteBuffer.allocate(secret.length + Long.BYTES)
                .put(secret)
                .putLong(sequence)
                .array();
        return Arrays.copyOf(Sha256.hash(input).toBytes(), Leaf.SALT_LENGTH);
    }

    byte[] salt(long sequence) {
        return salt(saltSecret, sequence);
    }

    /** Whether leaves of that time, in milliseconds since 1970, may be signed. */
    public boolean covers(long time) {
        return time >= notBefore && time < expires;
    }

    public int number() {
        return certificate.epoch();
    }

    EdgeCertificate certificate() {
        return certificate;
    }

    /** The certificate as the platform signed it. */
    public String compact() {
        return compact;
    }

    Signer signer() {
        return signer;
    }

    Numbers numbers() {
        return numbers;
    }

    EpochSpool spool() {
        return spool;
    }
}
