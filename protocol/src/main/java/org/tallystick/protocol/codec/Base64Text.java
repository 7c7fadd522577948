package org.tallystick.protocol.codec;

import java.util.Base64;

/** Standard base64 with padding (RFC 4648 section 4), strict: one text for each byte string. */
public final class Base64Text {
    private Base64Text() {}

    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Reads base64 and accepts only the one text that {@link #encode} gives for the same bytes.
     *
     * @param reason the reason of the exception for any other text
     * @throws MalformedException with that reason
     */
    public static byte[] decode(String text, String reason) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(reason, "not base64: " + Reasons.of(e));
        }
        if (!encode(bytes).equals(text)) {
            throw new MalformedException(reason, "not canonical base64");
        }
        return bytes;
    }
}
