package org.tallystick.protocol.receipt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * The secret of one job order, from which the release key of each ordered work is made: {@code SHA-256(seed ‖ 01 ‖ ordinal
 * u32)}, its first 16 bytes. Workers that fetch are given the seed, never the buyer's identity key. {@link #derive} makes the
 * same seed again from one kept secret, so that losing it costs nothing. Immutable, thread-safe.
 */
public final class ReleaseSeed {
    /** Bytes of a seed. */
    public static final int LENGTH = 32;

    private final byte[] seed;

    /**
     * @param seed {@value #LENGTH} bytes nobody can guess
     */
    public ReleaseSeed(byte[] seed) {
        if (seed.length != LENGTH) {
            throw new MalformedException("release/seed", "a seed has " + LENGTH + " bytes");
        }
        this.seed = seed.clone();
    }

    /**
     * The seed of one order by HKDF-SHA-256 (RFC 5869) from a secret of the buyer's, at least 32 bytes long.
     *
     * @param number of the order within its contract
     */
    public static ReleaseSeed derive(byte[] secret, String contract, String job, Scope scope, int number) {
        if (secret.length < LENGTH) {
            throw new MalformedException("release/secret", "the secret has at least " + LENGTH + " bytes");
        }
        String info = "tallystick/job-order/v1\n" + contract + "\n" + job + "\n" + scope.word() + "\n" + number;
        try {
            HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .thenExpand(info.getBytes(StandardCharsets.UTF_8), LENGTH);
            return new ReleaseSeed(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF-SHA256", e);
        }
    }

    /** A copy of the secret bytes. */
    public byte[] bytes() {
        return seed.clone();
    }

    /** What tells this order's commitments from any other's: 16 bytes, public. */
    public byte[] tag() {
        byte[] in = Arrays.copyOf(seed, LENGTH + 1);
        return Arrays.copyOf(Sha256.hash(in).toBytes(), ReleaseTable.TAG_LENGTH);
    }

    /** The release key of the work with an ordinal of the dataset version, from 0. */
    public ReleaseKey key(int ordinal) {
        Objects.checkIndex(ordinal, Integer.MAX_VALUE);
        byte[] in = Arrays.copyOf(seed, LENGTH + 5);
        in[LENGTH] = 1;
        for (int i = 0; i < 4; i++) {
            in[LENGTH + 1 + i] = (byte) (ordinal >>> (24 - 8 * i));
        }
        return new ReleaseKey(Arrays.copyOf(Sha256.hash(in).toBytes(), ReleaseKey.LENGTH));
    }

    /**
     * The commitments to publish with the order.
     *
     * @param works members of the dataset version
     * @param ordered which ordinals are ordered
     */
    public ReleaseTable table(int works, IntPredicate ordered) {
        byte[] tag = tag();
        byte[] entries = new byte[Math.multiplyExact(works, ReleaseTable.ENTRY)];
        for (int ordinal = 0; ordinal < works; ordinal++) {
            if (ordered.test(ordinal)) {
                byte[] commitment =
                        ReleaseTable.commitment(tag, ordinal, key(ordinal).bytes(), 0);
                System.arraycopy(commitment, 0, entries, ordinal * ReleaseTable.ENTRY, ReleaseTable.ENTRY);
            }
        }
        return new ReleaseTable(tag, entries);
    }
}
