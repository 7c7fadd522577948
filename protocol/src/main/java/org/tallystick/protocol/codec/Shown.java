package org.tallystick.protocol.codec;

/** Makes text from outside fit to stand in a message: short, quoted, and without control characters. */
final class Shown {
    /** Most characters of the text that are shown. */
    private static final int MOST = 80;

    private Shown() {}

    /** The text in double quotes, cut to {@value #MOST} characters, with {@code ?} for every control character. */
    static String text(String text) {
        String cut = text.length() > MOST ? text.substring(0, MOST) + "…" : text;
        return "\"" + cut.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
