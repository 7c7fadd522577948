package org.tallystick.protocol.terms;

import java.util.Arrays;
import java.util.Optional;
import org.tallystick.protocol.receipt.Scope;

/**
 * What a contract may permit. A use that needs deliveries maps to the scope of the tokens it allows; evaluation and the
 * distribution of weights need none of their own, so they give no scope.
 */
public enum Use {
    MODEL_TRAINING("model-training", Optional.of(Scope.TRAINING)),
    FINE_TUNING("fine-tuning", Optional.of(Scope.TRAINING)),
    EVALUATION("evaluation", Optional.empty()),
    EMBEDDING("embedding", Optional.of(Scope.EMBEDDING)),
    INFERENCE("inference", Optional.of(Scope.INFERENCE)),
    PREVIEW("preview", Optional.of(Scope.PREVIEW)),
    WEIGHT_DISTRIBUTION("model-weight-distribution", Optional.empty());

    private static final String SHORT_FOR_TRAINING = "training";

    private final String word;
    private final Optional<Scope> scope;

    Use(String word, Optional<Scope> scope) {
        this.word = word;
        this.scope = scope;
    }

    /** The scope of tokens this use allows, if it needs deliveries. */
    public Optional<Scope> scope() {
        return scope;
    }

    /** The word we write; {@link #ofWord} also reads {@code training} for model training. */
    public String word() {
        return word;
    }

    /** The use of that word, if it is one. */
    public static Optional<Use> ofWord(String word) {
        String full = word.equals(SHORT_FOR_TRAINING) ? MODEL_TRAINING.word : word;
        return Arrays.stream(values()).filter(use -> use.word.equals(full)).findFirst();
    }
}
