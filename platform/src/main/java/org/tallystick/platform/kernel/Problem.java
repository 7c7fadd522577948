package org.tallystick.platform.kernel;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One typed refusal used by every room, so that only the HTTP edge has to know about problem documents (RFC 9457).
 * Immutable.
 *
 * @param category coarse reason
 * @param type stable slug a program may match on, like {@code contract/split-not-whole}
 * @param title the slug in words, the same for every occurrence
 * @param detail what was found this time, for a person; never a secret
 * @param extras further members for a program, sorted by name
 */
public record Problem(Category category, String type, String title, String detail, Map<String, String> extras) {
    private static final Pattern TYPE = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*");

    /** Checks the slug and copies the extras. */
    public Problem {
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("not a problem type: " + type);
        }
        if (title.isBlank()) {
            throw new IllegalArgumentException("a problem needs a title: " + type);
        }
        extras = Collections.unmodifiableMap(new TreeMap<>(extras));
    }

    /** A problem without extras. */
    public static Problem of(Category category, String type, String title, String detail) {
        return new Problem(category, type, title, detail, Map.of());
    }

    /** A problem of {@link Category#INVALID}. */
    public static Problem invalid(String type, String title, String detail) {
        return of(Category.INVALID, type, title, detail);
    }

    /** A problem of {@link Category#UNAUTHENTICATED}. */
    public static Problem unauthenticated(String type, String title, String detail) {
        return of(Category.UNAUTHENTICATED, type, title, detail);
    }

    /** A problem of {@link Category#FORBIDDEN}. */
    public static Problem forbidden(String type, String title, String detail) {
        return of(Category.FORBIDDEN, type, title, detail);
    }

    /** A problem of {@link Category#NOT_FOUND}. */
    public static Problem notFound(String type, String title, String detail) {
        return of(Category.NOT_FOUND, type, title, detail);
    }

    /** A problem of {@link Category#CONFLICT}. */
    public static Problem conflict(String type, String title, String detail) {
        return of(Category.CONFLICT, type, title, detail);
    }

    /** A problem of {@link Category#TOO_LARGE}. */
    public static Problem tooLarge(String type, String title, String detail) {
        return of(Category.TOO_LARGE, type, title, detail);
    }

    /** A problem of {@link Category#UNAVAILABLE}. */
    public static Problem unavailable(String type, String title, String detail) {
        return of(Category.UNAVAILABLE, type, title, detail);
    }

    /** The same problem with one more member; replaces one of that name. */
    public Problem with(String name, Object value) {
        Map<String, String> more = new TreeMap<>(extras);
        more.put(name, value.toString());
        return new Problem(category, type, title, detail, more);
    }

    /** This problem as something to throw from deep inside a decoder. */
    public RefusedException asException() {
        return new RefusedException(this);
    }
}
