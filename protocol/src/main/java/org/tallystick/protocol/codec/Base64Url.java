package org.tallystick.protocol.codec;

import java.util.Base64;

/** Base64url without padding (RFC 4648 section 5), strict: one text for each byte string, so no bit can be changed unseen. */
public final class Base64Url {
    private Base64Url() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Reads base64url and accepts only the one text that {@link #encode} gives for the same bytes.
     *
     * @param reason the reason of the exception for any other text
     * @throws MalformedException with that reason
     */
    public static byte[] decode(String text, String reason) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(reason, "not base64url: " + Fields.shown(text));
        }
        if (!encode(bytes).equals(text)) {
            throw new MalformedException(reason, "not canonical base64url: " + Fields.shown(text));
        }
        return bytes;
    }
}
