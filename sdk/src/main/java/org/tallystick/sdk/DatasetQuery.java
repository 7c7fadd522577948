package org.tallystick.sdk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What to look for in the marketplace; everything absent matches everything.
 *
 * @param text words in title and description
 * @param license licence URI of some work
 * @param mediaType media type of some work
 * @param creator creator of some work
 * @param limit most items on a page, 1 to 1000
 * @param cursor where the page before said to go on
 */
public record DatasetQuery(
        Optional<String> text,
        Optional<String> license,
        Optional<String> mediaType,
        Optional<String> creator,
        int limit,
        Optional<String> cursor) {
    /** Everything, a hundred at a time. */
    public static DatasetQuery all() {
        return new DatasetQuery(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 100, Optional.empty());
    }

    /** The same search for words. */
    public DatasetQuery text(String words) {
        return new DatasetQuery(Optional.of(words), license, mediaType, creator, limit, cursor);
    }

    /** The same search from a cursor on. */
    public DatasetQuery after(Optional<String> next) {
        return new DatasetQuery(text, license, mediaType, creator, limit, next);
    }

    Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>();
        text.ifPresent(value -> all.put("q", value));
        license.ifPresent(value -> all.put("license", value));
        mediaType.ifPresent(value -> all.put("media_type", value));
        creator.ifPresent(value -> all.put("creator", value));
        all.put("limit", Integer.toString(limit));
        cursor.ifPresent(value -> all.put("cursor", value));
        return all;
    }
}
