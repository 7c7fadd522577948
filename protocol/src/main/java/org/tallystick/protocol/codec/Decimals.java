package org.tallystick.protocol.codec;

/** Whole numbers as the text formats of logs write them: ASCII digits, no sign, no leading zero, one text per number. */
public final class Decimals {
    private static final int MAX_DIGITS = 19;

    private Decimals() {}

    /**
     * Reads a whole number from 0 to 2^63 - 1.
     *
     * @param reason the reason of the exception where the text is anything else
     * @throws MalformedException with that reason
     */
    public static long parse(String text, String reason) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || text.length() > MAX_DIGITS || (text.length() > 1 && text.charAt(0) == '0')) {
            throw new MalformedException(reason, "a whole number in plain decimal digits is expected");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedException(reason, "the number " + text + " is too large");
        }
    }
}
