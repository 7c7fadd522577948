package org.tallystick.edge.serving;

/**
 * Comparison of entity tags by RFC 9110, sections 8.8.3 and 13.1. Our own are always strong. A list that is not
 * well-formed matches up to where it goes wrong. Stateless.
 */
final class EntityTags {
    private EntityTags() {}

    /** Whether a list is {@code *}, which stands for any tag and claims to have none. */
    static boolean isAny(String list) {
        return list.strip().equals("*");
    }

    /** Whether an {@code If-None-Match} list names the tag, by weak comparison. */
    static boolean anyWeak(String list, String tag) {
        return names(list, tag, true);
    }

    /** Whether an {@code If-Match} list names the tag, by strong comparison. */
    static boolean anyStrong(String list, String tag) {
        return names(list, tag, false);
    }

    /** Whether an {@code If-Range} value is the tag; a date never is, for works have no date. */
    static boolean isStrong(String value, String tag) {
        return value.strip().equals(tag);
    }

    private static boolean names(String list, String tag, boolean weakToo) {
        if (isAny(list)) {
            return true;
        }
        int at = 0;
        while (at < list.length()) {
            char c = list.charAt(at);
            if (c == ' ' || c == '\t' || c == ',') {
                at++;
                continue;
            }
            boolean weak = list.startsWith("W/", at);
            int open = weak ? at + 2 : at;
            if (open >= list.length() || list.charAt(open) != '"') {
                return false;
            }
            int close = list.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            if ((weakToo || !weak)
                    && list.regionMatches(open, tag, 0, tag.length())
                    && close - open + 1 == tag.length()) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }
}
