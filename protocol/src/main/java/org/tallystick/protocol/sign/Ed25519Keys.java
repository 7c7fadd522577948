package org.tallystick.protocol.sign;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Converts raw Ed25519 keys to and from the X.509 and PKCS#8 forms that Java providers ask for (RFC 8410). Also tells
 * which public keys must not be accepted: under a key of small order one signature can fit many messages, so it proves
 * nothing. Stateless, safe from any thread.
 */
public final class Ed25519Keys {
    /** Length of a raw public key and of a raw private key (the seed of RFC 8032), in bytes. */
    public static final int KEY_BYTES = 32;

    /** Length of a signature, in bytes. */
    public static final int SIGNATURE_BYTES = 64;

    private static final byte[] X509_PREFIX = bytes("302a300506032b6570032100");
    private static final byte[] PKCS8_PREFIX = bytes("302e020100300506032b657004220420");

    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /** The y coordinates of the eight points of small order: those whose order divides 8. */
    private static final Set<BigInteger> SMALL_ORDER_Y = Stream.of(
                    BigInteger.ZERO,
                    BigInteger.ONE,
                    P.subtract(BigInteger.ONE),
                    new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16),
                    new BigInteger("5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16))
            .collect(Collectors.toUnmodifiableSet());

    private Ed25519Keys() {}

    /**
     * Whether the bytes may serve as a public key: 32 bytes, y below 2^255 - 19, and not of small order. Does not check
     * that the point lies on the curve; verifying a signature does.
     */
    public static boolean isUsable(byte[] publicKey) {
        if (publicKey.length != KEY_BYTES) {
            return false;
        }
        BigInteger y = yOf(publicKey);
        return y.compareTo(P) < 0 && !SMALL_ORDER_Y.contains(y);
    }

    /** The X.509 SubjectPublicKeyInfo of a raw public key. */
    public static byte[] x509(byte[] publicKey) {
        return wrap(X509_PREFIX, publicKey);
    }

    /**
     * The raw public key of an X.509 SubjectPublicKeyInfo.
     *
     * @throws IllegalArgumentException where it is not an Ed25519 key in this form
     */
    static byte[] publicKeyOf(byte[] x509) {
        return unwrap(X509_PREFIX, x509);
    }

    /** The PKCS#8 form of a raw private key. */
    public static byte[] pkcs8(byte[] seed) {
        return wrap(PKCS8_PREFIX, seed);
    }

    /**
     * The raw private key of a PKCS#8 form.
     *
     * @throws IllegalArgumentException where it is not an Ed25519 key in this form
     */
    public static byte[] seedOf(byte[] pkcs8) {
        return unwrap(PKCS8_PREFIX, pkcs8);
    }

    static BigInteger yOf(byte[] publicKey) {
        byte[] big = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            big[i] = publicKey[KEY_BYTES - 1 - i];
        }
        big[0] &= 0x7f;
        return new BigInteger(1, big);
    }

    private static byte[] wrap(byte[] prefix, byte[] raw) {
        if (raw.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes, not " + raw.length);
        }
        byte[] all = Arrays.copyOf(prefix, prefix.length + KEY_BYTES);
        System.arraycopy(raw, 0, all, prefix.length, KEY_BYTES);
        return all;
    }

    private static byte[] unwrap(byte[] prefix, byte[] wrapped) {
        if (wrapped.length != prefix.length + KEY_BYTES
                || !Arrays.equals(wrapped, 0, prefix.length, prefix, 0, prefix.length)) {
            throw new IllegalArgumentException("not the encoding of an Ed25519 key");
        }
        return Arrays.copyOfRange(wrapped, prefix.length, wrapped.length);
    }

    private static byte[] bytes(String hex) {
        return java.util.HexFormat.of().parseHex(hex);
    }
}
