package org.tallystick.platform.settlement;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.settlement.closing.ListingStore;

/** Cursors of the listings of statements and invoices: number of a close, a point, an id. */
public final class Cursors {
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,9})\\.([a-z0-9-]{1,64})");

    private Cursors() {}

    static ListingStore.Place parse(Optional<String> after) {
        if (after.isEmpty()) {
            return ListingStore.Place.START;
        }
        Matcher matcher = CURSOR.matcher(after.get());
        if (!matcher.matches()) {
            throw Problem.invalid(
                            "settlement/malformed-cursor",
                            "Malformed cursor",
                            "a cursor is what a page gave as its next")
                    .asException();
        }
        return new ListingStore.Place(Integer.parseInt(matcher.group(1)), matcher.group(2));
    }

    static <T> Page<T> page(List<T> found, int size, Function<T, ListingStore.Place> place) {
        if (found.size() <= size) {
            return Page.last(found);
        }
        ListingStore.Place last = place.apply(found.get(size - 1));
        return new Page<>(found.subList(0, size), Optional.of(last.close() + "." + last.id()));
    }

    /** The title of a problem: the words of its type after the stroke. */
    public static String title(String type) {
        String words = type.substring(type.indexOf('/') + 1).replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
