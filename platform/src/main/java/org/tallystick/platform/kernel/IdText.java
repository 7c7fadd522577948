package org.tallystick.platform.kernel;

import java.util.regex.Pattern;

/** The one rule for ids people choose, so that each of them is safe in a path, a file name, an account name and a log. */
final class IdText {
    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._-]{0,63}");

    private IdText() {}

    /** @throws RefusedException {@code <kind>/malformed-id} */
    static void check(String kind, String value) {
        if (!PATTERN.matcher(value).matches()) {
            String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
            throw Problem.invalid(
                            kind + "/malformed-id",
                            "Malformed " + kind + " id",
                            "'" + shown + "' is not 1 to 64 characters of A-Z a-z 0-9 : . _ - starting with a letter"
                                    + " or digit")
                    .asException();
        }
    }
}
