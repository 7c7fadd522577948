package org.tallystick.platform.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.MalformedException;

/**
 * What to look for in the marketplace; every filter given must hold.
 *
 * @param text words in title, id or description, in any case and script; {@code "a phrase"}, {@code or} and {@code -not}
 *     mean what they do on the web; {@code java.base} is a phrase of two words
 * @param license a work under it is among the members
 * @param mediaType a work of it is among the members
 * @param creator a work by them is among the members
 * @param cursor where the page before ended, as it said
 * @param limit most items on the page, 1 to {@value #MAX_LIMIT}
 */
public record DatasetQuery(
        Optional<String> text,
        Optional<String> license,
        Optional<String> mediaType,
        Optional<PartyId> creator,
        Optional<PartyId> curator,
        Optional<String> cursor,
        int limit) {
    public static final int MAX_LIMIT = 200;
    private static final int MAX_TEXT = 256;
    private static final int MAX_VALUE = 2_048;

    /** @throws RefusedException {@code catalog/query} for a value out of bounds, {@code catalog/cursor} */
    public DatasetQuery {
        check("text", text, MAX_TEXT);
        check("license", license, MAX_VALUE);
        check("media_type", mediaType, MAX_VALUE);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw refused("a page has 1 to " + MAX_LIMIT + " items, not " + limit);
        }
        cursor.ifPresent(DatasetQuery::position);
    }

    /** Everything, youngest dataset first, twenty to a page. */
    public static DatasetQuery all() {
        return new DatasetQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                20);
    }

    public DatasetQuery withText(String words) {
        return new DatasetQuery(Optional.of(words), license, mediaType, creator, curator, cursor, limit);
    }

    public DatasetQuery withLicense(String uri) {
        return new DatasetQuery(text, Optional.of(uri), mediaType, creator, curator, cursor, limit);
    }

    public DatasetQuery withMediaType(String type) {
        return new DatasetQuery(text, license, Optional.of(type), creator, curator, cursor, limit);
    }

    public DatasetQuery withCreator(PartyId party) {
        return new DatasetQuery(text, license, mediaType, Optional.of(party), curator, cursor, limit);
    }

    public DatasetQuery withCurator(PartyId party) {
        return new DatasetQuery(text, license, mediaType, creator, Optional.of(party), cursor, limit);
    }

    public DatasetQuery withCursor(String next) {
        return new DatasetQuery(text, license, mediaType, creator, curator, Optional.of(next), limit);
    }

    public DatasetQuery withLimit(int items) {
        return new DatasetQuery(text, license, mediaType, creator, curator, cursor, items);
    }

    /** The dataset the page begins after, by the position it was created at; before all others where there is none. */
    long after() {
        return cursor.map(DatasetQuery::position).orElse(Long.MAX_VALUE);
    }

    static String cursorAfter(long created) {
        return Base64Url.encode(("d" + created).getBytes(StandardCharsets.US_ASCII));
    }

    private static long position(String cursor) {
        try {
            String text = new String(Base64Url.decode(cursor, "catalog/cursor"), StandardCharsets.US_ASCII);
            if (text.matches("d\\d{1,18}")) {
                return Long.parseLong(text.substring(1));
            }
        } catch (MalformedException e) {
            throw Problem.invalid("catalog/cursor", "Unknown cursor", e.detail())
                    .asException();
        }
        throw Problem.invalid("catalog/cursor", "Unknown cursor", "a cursor is what a page before gave as next")
                .asException();
    }

    private static void check(String name, Optional<String> value, int max) {
        value.ifPresent(v -> {
            if (v.isBlank() || v.length() > max || v.indexOf('\0') >= 0) {
                throw refused(name + " has 1 to " + max + " characters");
            }
        });
    }

    private static RefusedException refused(String detail) {
        return Problem.invalid("catalog/query", "Unusable search", detail).asException();
    }
}
