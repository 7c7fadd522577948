package org.tallystick.platform.kernel;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The answer to a command that may be refused for an expected reason. A repeat of something already done is accepted,
 * because answering a duplicate with an error makes clients stall; {@link Accepted#repeated} tells it apart.
 *
 * @param <T> what an accepted command yields
 */
public sealed interface Outcome<T> {

    /**
     * Done, now or before.
     *
     * @param repeated whether it had been done before and nothing was changed this time
     */
    record Accepted<T>(T value, boolean repeated) implements Outcome<T> {}

    /** Not done; nothing was changed. */
    record Refused<T>(Problem problem) implements Outcome<T> {}

    /** Done just now. */
    static <T> Outcome<T> accepted(T value) {
        return new Accepted<>(value, false);
    }

    /** Had been done before. */
    static <T> Outcome<T> repeated(T value) {
        return new Accepted<>(value, true);
    }

    /** Not done. */
    static <T> Outcome<T> refused(Problem problem) {
        return new Refused<>(problem);
    }

    /** Runs code that may throw {@link RefusedException} and answers with the problem it carries. */
    static <T> Outcome<T> catching(Supplier<T> code) {
        try {
            return accepted(code.get());
        } catch (RefusedException e) {
            return refused(e.problem());
        }
    }

    /** The same outcome with the value seen through a function. */
    default <R> Outcome<R> map(Function<? super T, ? extends R> function) {
        return switch (this) {
            case Accepted<T>(T value, boolean repeated) -> new Accepted<>(function.apply(value), repeated);
            case Refused<T>(Problem problem) -> new Refused<>(problem);
        };
    }

    /** Goes on with a further step; the answer is that step's answer. */
    default <R> Outcome<R> flatMap(Function<? super T, Outcome<R>> next) {
        return switch (this) {
            case Accepted<T>(T value, boolean repeated) -> next.apply(value);
            case Refused<T>(Problem problem) -> new Refused<>(problem);
        };
    }

    /** Whether it was accepted, now or before. */
    default boolean isAccepted() {
        return this instanceof Accepted<T>;
    }

    /** The problem, if refused. */
    default Optional<Problem> refusal() {
        return this instanceof Refused<T>(Problem problem) ? Optional.of(problem) : Optional.empty();
    }

    /** @throws RefusedException if refused */
    default T orThrow() {
        return switch (this) {
            case Accepted<T>(T value, boolean repeated) -> value;
            case Refused<T>(Problem problem) -> throw new RefusedException(problem);
        };
    }
}
