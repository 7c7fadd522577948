package org.tallystick.platform.kernel;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a listing. Immutable.
 *
 * @param next opaque cursor to ask for the following page with; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {
    /** Copies the items. */
    public Page {
        items = List.copyOf(items);
    }

    /** A page nothing follows. */
    public static <T> Page<T> last(List<T> items) {
        return new Page<>(items, Optional.empty());
    }

    /** The same page with each item seen through a function. */
    public <R> Page<R> map(Function<? super T, ? extends R> function) {
        return new Page<>(items.stream().<R>map(function).toList(), next);
    }
}
