package org.tallystick.platform.ledger;

import java.util.regex.Pattern;

/** What texts the ledger takes: short, printable and storable without change, so that a digest over them is stable. */
final class Texts {
    static final int MAX_TEXT = 500;
    private static final Pattern ACCOUNT = Pattern.compile("[a-z][a-z0-9-]{0,39}(?::[A-Za-z0-9:._-]{1,159})?");

    private Texts() {}

    static String account(String name) {
        if (!ACCOUNT.matcher(name).matches()) {
            throw new IllegalArgumentException("not an account name: '" + shorten(name) + "'");
        }
        return name;
    }

    static String text(String what, String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(what + " is longer than " + MAX_TEXT + " characters");
        }
        boolean storable = text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (!storable) {
            throw new IllegalArgumentException(what + " holds a control character or half a surrogate pair");
        }
        return text;
    }

    private static String shorten(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
