package org.tallystick.protocol.codec;

import java.util.regex.Pattern;

/** The one form of the ids that people choose for parties, contracts, datasets, jobs and usage batches. */
public final class Identifiers {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._-]{0,63}");

    private Identifiers() {}

    static boolean isWellFormed(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * Gives the text back if it is a valid id.
     *
     * @param where the member that holds it, for the message
     * @throws MalformedException with {@code reason} if it is not
     */
    public static String check(String text, String reason, String where) {
        if (!isWellFormed(text)) {
            throw new MalformedException(
                    reason,
                    where + " " + Fields.shown(text)
                            + " is not an id (a letter or digit, then up to 63 of letters, digits, \":._-\")");
        }
        return text;
    }
}
