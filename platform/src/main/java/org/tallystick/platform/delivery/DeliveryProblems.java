package org.tallystick.platform.delivery;

import java.util.Locale;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.MalformedException;

/** Names refusals: the title is the slug in words, so the two never drift apart. */
final class DeliveryProblems {
    private DeliveryProblems() {}

    static Problem malformed(MalformedException e) {
        return refusal(Category.INVALID, e.reason(), e.detail());
    }

    static Problem refusal(Category category, String type, String detail) {
        String words = type.substring(type.indexOf('/') + 1).replace('-', ' ');
        return Problem.of(category, type, words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1), detail);
    }
}
