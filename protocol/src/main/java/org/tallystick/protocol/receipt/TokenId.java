package org.tallystick.protocol.receipt;

import java.util.Arrays;
import java.util.Base64;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The 24 bytes that identify a grant in every leaf: the first 24 bytes of the SHA-256 of its claims. A leaf therefore
 * fixes consumer, contract, job and scope, and anybody who has the claims can check that.
 */
public record TokenId(byte[] bytes) {
    /** Length in bytes. */
    public static final int LENGTH = 24;

    public TokenId {
        if (bytes.length != LENGTH) {
            throw new MalformedException("token-id/malformed", "a token id has " + LENGTH + " bytes");
        }
        bytes = bytes.clone();
    }

    /**
     * Reads the base64url form.
     *
     * @throws MalformedException {@code token-id/malformed}
     */
    public static TokenId parse(String text) {
        return new TokenId(Base64Url.decode(text, "token-id/malformed"));
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, LENGTH);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The base64url form, 32 characters. */
    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
