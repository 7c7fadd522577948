package org.tallystick.protocol.codec;

import java.util.regex.Pattern;

/** The one form of an id that people choose: parties, contracts, datasets, jobs, usage batches. */
public final class Identifiers {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._-]{0,63}");

    private Identifiers() {}

    static boolean isWellFormed(String text) {
        return FORM.matcher(text).matches();
    }

    /** The text where it is an id; else {@link MalformedException} with that reason. */
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
