package org.tallystick.protocol.sign;

import java.math.BigInteger;
import java.util.Arrays;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/**
 * An Ed25519 public key as a {@code did:key} (multicodec 0xed01, base58btc): an identity that needs no registry.
 */
public record DidKey(byte[] publicKey) {
    private static final String PREFIX = "did:key:z";
    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(58);
    private static final int MAX_TEXT = 80;

    public DidKey {
        if (publicKey.length != 32) {
            throw new MalformedException("did-key/malformed", "an Ed25519 public key has 32 bytes");
        }
        publicKey = publicKey.clone();
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * Reads {@code did:key:z6Mk…}.
     *
     * @throws MalformedException {@code did-key/malformed}, also for keys of other algorithms
     */
    public static DidKey parse(String text) {
        if (!text.startsWith(PREFIX) || text.length() > MAX_TEXT) {
            throw new MalformedException("did-key/malformed", Fields.shown(text) + " is not a did:key in base58btc");
        }
        BigInteger value = BigInteger.ZERO;
        for (char c : text.substring(PREFIX.length()).toCharArray()) {
            int digit = ALPHABET.indexOf(c);
            if (digit < 0) {
                throw new MalformedException("did-key/malformed", Fields.shown(text) + " is not base58btc");
            }
            value = value.multiply(BASE).add(BigInteger.valueOf(digit));
        }
        byte[] bytes = value.toByteArray();
        int start = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        if (bytes.length - start != 34 || bytes[start] != (byte) 0xed || bytes[start + 1] != 1) {
            throw new MalformedException("did-key/malformed", Fields.shown(text) + " is not an Ed25519 did:key");
        }
        DidKey key = new DidKey(Arrays.copyOfRange(bytes, start + 2, bytes.length));
        if (!key.toString().equals(text)) {
            throw new MalformedException("did-key/malformed", Fields.shown(text) + " is not canonical base58btc");
        }
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DidKey that && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(publicKey);
    }

    @Override
    public String toString() {
        byte[] coded = new byte[34];
        coded[0] = (byte) 0xed;
        coded[1] = 1;
        System.arraycopy(publicKey, 0, coded, 2, 32);
        BigInteger value = new BigInteger(1, coded);
        StringBuilder out = new StringBuilder();
        while (value.signum() > 0) {
            BigInteger[] parts = value.divideAndRemainder(BASE);
            out.append(ALPHABET.charAt(parts[1].intValue()));
            value = parts[0];
        }
        return PREFIX + out.reverse();
    }
}
