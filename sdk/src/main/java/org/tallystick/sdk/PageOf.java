package org.tallystick.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.protocol.codec.Fields;

/**
 * One page of a listing. Immutable.
 *
 * @param next cursor to ask for the following page with; empty on the last one
 */
public record PageOf<T>(List<T> items, Optional<String> next) {
    /** Copies the items. */
    public PageOf {
        items = List.copyOf(items);
    }

    static <T> PageOf<T> of(Fields fields, Function<Fields, T> item) {
        return of(fields, "items", item);
    }

    static <T> PageOf<T> of(Fields fields, String list, Function<Fields, T> item) {
        return new PageOf<>(fields.objects(list).stream().map(item).toList(), fields.optionalText("next"));
    }

    /** Every item, asking for one page after another with the cursor of the one before. */
    public static <T> List<T> all(Function<Optional<String>, PageOf<T>> pages) {
        List<T> all = new ArrayList<>();
        PageOf<T> page = pages.apply(Optional.empty());
        all.addAll(page.items());
        while (page.next().isPresent()) {
            page = pages.apply(page.next());
            all.addAll(page.items());
        }
        return all;
    }
}
