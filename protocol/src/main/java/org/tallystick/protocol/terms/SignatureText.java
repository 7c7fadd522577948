package org.tallystick.protocol.terms;

import java.util.HexFormat;
import java.util.Optional;

/** Signatures as outside clients write them in JSON: {@code 0x} and 128 lower-case hexadecimal digits. */
final class SignatureText {
    private static final String PREFIX = "0x";
    private static final int DIGITS = 128;
    private static final int MAX_LENGTH = 256;

    private SignatureText() {}

    /** Whether text may stand where a signature does; an elided one may. */
    static boolean isWellFormed(String text) {
        return text.startsWith(PREFIX) && text.length() <= MAX_LENGTH;
    }

    static String of(byte[] signature) {
        return PREFIX + HexFormat.of().formatHex(signature);
    }

    /** The 64 bytes, where the text is the one form of them. */
    static Optional<byte[]> bytes(String text) {
        String digits = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
        if (digits.length() != DIGITS
                || !digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return Optional.empty();
        }
        return Optional.of(HexFormat.of().parseHex(digits));
    }
}
