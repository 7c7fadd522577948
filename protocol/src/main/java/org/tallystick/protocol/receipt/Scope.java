package org.tallystick.protocol.receipt;

import java.util.Arrays;
import java.util.Locale;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/** What a token may be used for. Its {@link #code} stands in leaves and never changes. */
public enum Scope {
    TRAINING(1),
    EMBEDDING(2),
    INFERENCE(3),
    PREVIEW(4);

    private final int code;

    Scope(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether deliveries under this scope are paid for; previews never are. */
    public boolean meters() {
        return this != PREVIEW;
    }

    /** The word used in documents. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws MalformedException {@code scope/unknown}
     */
    public static Scope ofCode(int code) {
        for (Scope scope : values()) {
            if (scope.code == code) {
                return scope;
            }
        }
        throw new MalformedException("scope/unknown", "scope code " + code + " is not known");
    }

    /**
     * @throws MalformedException {@code scope/unknown}
     */
    public static Scope ofWord(String word) {
        for (Scope scope : values()) {
            if (scope.word().equals(word)) {
                return scope;
            }
        }
        throw new MalformedException(
                "scope/unknown",
                Fields.shown(word) + " is not a scope; known are "
                        + Arrays.stream(values()).map(Scope::word).toList());
    }
}
