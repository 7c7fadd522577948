package org.tallystick.protocol.receipt;

import java.util.Arrays;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.MalformedException;

/**
 * What a consumer shows to be given one work of a job: 16 bytes that only the holder of the job's seed can make. In HTTP it
 * travels as 22 characters of base64url, in the header {@value #HTTP_HEADER} or the query parameter {@value #QUERY}.
 */
public record ReleaseKey(byte[] bytes) {
    /** The request header that carries it. */
    public static final String HTTP_HEADER = "Tallystick-Release";

    /** The query parameter that carries it where a client sets no headers. */
    public static final String QUERY = "release";

    /** Bytes of a key, the length of a leaf's salt, in whose place it stands. */
    public static final int LENGTH = Leaf.SALT_LENGTH;

    public ReleaseKey {
        if (bytes.length != LENGTH) {
            throw new MalformedException("release/malformed", "a release key has " + LENGTH + " bytes");
        }
        bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Reads the text form.
     *
     * @throws MalformedException {@code release/malformed}
     */
    public static ReleaseKey parse(String text) {
        return new ReleaseKey(Base64Url.decode(text, "release/malformed"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReleaseKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text form, 22 characters. */
    @Override
    public String toString() {
        return Base64Url.encode(bytes);
    }
}
