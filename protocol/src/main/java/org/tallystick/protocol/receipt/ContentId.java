package org.tallystick.protocol.receipt;

import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * The identity of a work: the SHA-256 of its bytes. Text form {@code sha256:} and 64 lower-case hexadecimal digits.
 */
public record ContentId(Hash hash) implements Comparable<ContentId> {
    private static final String PREFIX = "sha256:";

    public ContentId {
        Objects.requireNonNull(hash);
    }

    /** The content id of these bytes. */
    public static ContentId of(byte[] content) {
        return new ContentId(Sha256.hash(content));
    }

    /**
     * @throws MalformedException {@code content-id/malformed}
     */
    public static ContentId parse(String text) {
        if (!text.startsWith(PREFIX) || text.length() != PREFIX.length() + 64) {
            throw malformed(text);
        }
        try {
            return new ContentId(Hash.ofHex(text.substring(PREFIX.length())));
        } catch (MalformedException e) {
            throw malformed(text);
        }
    }

    private static MalformedException malformed(String text) {
        return new MalformedException(
                "content-id/malformed",
                Fields.shown(text) + " is not a content id (sha256: and 64 lower-case hexadecimal digits)");
    }

    /** The 64 hexadecimal digits alone. */
    public String hex() {
        return hash.hex();
    }

    @Override
    public int compareTo(ContentId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return PREFIX + hex();
    }
}
