package org.tallystick.platform.api.dispatch;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Problem;

/** The numbers of {@link Limit} that a server goes by: those of the table, or smaller ones in a test. Immutable. */
public final class Limits {
    /** The numbers of the table. */
    public static final Limits STANDARD = new Limits(Map.of());

    private final Map<Limit, Long> others = new EnumMap<>(Limit.class);

    private Limits(Map<Limit, Long> others) {
        this.others.putAll(others);
    }

    /** The same with another number. */
    public Limits with(Limit limit, long number) {
        Limits changed = new Limits(others);
        changed.others.put(limit, number);
        return changed;
    }

    public long of(Limit limit) {
        return others.getOrDefault(limit, limit.number());
    }

    int places(Limit limit) {
        return Math.toIntExact(of(limit));
    }

    public Duration seconds(Limit limit) {
        return Duration.ofSeconds(of(limit));
    }

    /** The answer to whoever passes a limit. */
    static HttpRefusedException passed(Limit limit, String detail) {
        return new HttpRefusedException(
                limit.status(),
                Problem.of(Category.UNAVAILABLE, limit.type(), Refusals.title(limit.type()), detail),
                limit.retryAfter());
    }
}
