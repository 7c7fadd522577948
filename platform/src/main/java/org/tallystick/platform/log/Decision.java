package org.tallystick.platform.log;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * What a {@link Command} decided: an answer alone, or entries to append and the answer after that.
 *
 * @param <R> what the asker is told
 */
public sealed interface Decision<R> {
    /** Nothing changes: a refusal, a repetition, or a question answered. */
    static <R> Decision<R> answer(R answer) {
        return new Answer<>(answer);
    }

    /**
     * These entries are to be appended, all or none, one after another.
     *
     * @param drafts at least one
     * @param answer what to tell the asker once they are durable, from the log position of the first
     */
    static <R> Decision<R> append(List<Draft> drafts, LongFunction<R> answer) {
        return new Append<>(drafts, answer);
    }

    /** The same decision with its answer seen through a function. */
    default <S> Decision<S> map(Function<? super R, ? extends S> function) {
        return switch (this) {
            case Answer<R>(R answer) -> new Answer<>(function.apply(answer));
            case Append<R>(List<Draft> drafts, LongFunction<R> answer) ->
                new Append<>(drafts, position -> function.apply(answer.apply(position)));
        };
    }

    /** Nothing changes. */
    record Answer<R>(R answer) implements Decision<R> {}

    /** Entries are to be appended. */
    record Append<R>(List<Draft> drafts, LongFunction<R> answer) implements Decision<R> {
        public Append {
            drafts = List.copyOf(drafts);
            Objects.requireNonNull(answer);
            if (drafts.isEmpty()) {
                throw new IllegalArgumentException("a decision to append needs an entry to append");
            }
        }
    }
}
