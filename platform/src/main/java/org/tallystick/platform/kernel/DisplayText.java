package org.tallystick.platform.kernel;

import java.util.regex.Pattern;

/**
 * Outside text made fit to stand in a table, a terminal or a page: names of files come with line breaks, terminal
 * escapes and marks that turn the writing around. What is stored and hashed is always the text itself.
 */
public final class DisplayText {
    private static final Pattern UNFIT =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069\\uFEFF]");

    private DisplayText() {}

    /** The text with each control or direction character shown as {@code U+FFFD}. */
    public static String of(String text) {
        return UNFIT.matcher(text).replaceAll("\uFFFD");
    }

    /** As {@link #of(String)}, cut to so many code points; a cut shows as an ellipsis, which counts. */
    public static String of(String text, int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException("room for at least one character, not " + atMost);
        }
        String clean = of(text);
        if (clean.codePointCount(0, clean.length()) <= atMost) {
            return clean;
        }
        return clean.substring(0, clean.offsetByCodePoints(0, atMost - 1)) + "…";
    }
}
