package org.tallystick.protocol.terms;

import java.util.Arrays;
import java.util.Optional;
import org.tallystick.protocol.receipt.Scope;

/**
 * What a contract may permit. A use that needs deliveries has the scope that tokens for it carry. Evaluation and the
 * distribution of weights need no deliveries of their own and have none.
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

    /** The scope of the tokens for this use, if it needs deliveries. */
    public Optional<Scope> scope() {
        return scope;
    }

    /** The word in documents. {@link #ofWord} also accepts {@code training} for model training. */
    public String word() {
        return word;
    }

    /** The use with this word, if there is one. */
    public static Optional<Use> ofWord(String word) {
        String full = word.equals(SHORT_FOR_TRAINING) ? MODEL_TRAINING.word : word;
        return Arrays.stream(values()).filter(use -> use.word.equals(full)).findFirst();
    }
}
