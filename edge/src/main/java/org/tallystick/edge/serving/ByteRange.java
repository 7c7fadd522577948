package org.tallystick.edge.serving;

/**
 * The part of a work a request asks for, read from a {@code Range} field by RFC 9110, section 14. A field that is no
 * valid range, or asks for several, is ignored, as the RFC allows: the whole work is the answer. So is one of an empty work,
 * which has no part. Immutable.
 *
 * @param from first byte, from 0
 * @param length bytes; 0 only for the whole of an empty work
 */
record ByteRange(Kind kind, long from, long length) {
    private static final String UNIT = "bytes=";

    enum Kind {
        WHOLE,
        PART,
        UNSATISFIABLE
    }

    static ByteRange whole(long length) {
        return new ByteRange(Kind.WHOLE, 0, length);
    }

    /**
     * @param field the field's value; lines that were repeated joined by commas
     * @param length of the work
     */
    static ByteRange parse(String field, long length) {
        if (length == 0 || !field.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return whole(length);
        }
        String only = "";
        for (String element : field.substring(UNIT.length()).split(",", -1)) {
            String spec = element.strip();
            if (!spec.isEmpty()) {
                if (!only.isEmpty()) {
                    return whole(length);
                }
                only = spec;
            }
        }
        int dash = only.indexOf('-');
        if (dash < 0) {
            return whole(length);
        }
        String first = only.substring(0, dash);
        String last = only.substring(dash + 1);
        if (!isDigits(first) || !isDigits(last) || (first.isEmpty() && last.isEmpty())) {
            return whole(length);
        }
        return first.isEmpty() ? suffix(number(last), length) : between(first, last, length);
    }

    private static ByteRange between(String first, String last, long length) {
        long from = number(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : number(last);
        if (to < from) {
            return whole(length);
        }
        return from >= length ? unsatisfiable() : part(from, Math.min(to, length - 1) - from + 1);
    }

    private static ByteRange suffix(long wanted, long length) {
        long taken = Math.min(wanted, length);
        return taken == 0 ? unsatisfiable() : part(length - taken, taken);
    }

    private static ByteRange part(long from, long length) {
        return new ByteRange(Kind.PART, from, length);
    }

    private static ByteRange unsatisfiable() {
        return new ByteRange(Kind.UNSATISFIABLE, 0, 0);
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** A number of any length; what does not fit is past the end of every work. */
    private static long number(String digits) {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (value > (Long.MAX_VALUE - 9) / 10) {
                return Long.MAX_VALUE;
            }
            value = 10 * value + (digits.charAt(i) - '0');
        }
        return value;
    }
}
