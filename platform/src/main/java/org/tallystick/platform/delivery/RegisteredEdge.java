package org.tallystick.platform.delivery;

import java.util.Objects;

/**
 * An edge with a fresh API key, shown this once.
 *
 * @param apiKey {@code tsk_…}
 */
public record RegisteredEdge(Edge edge, String apiKey) {
    public RegisteredEdge {
        Objects.requireNonNull(edge);
        Objects.requireNonNull(apiKey);
    }

    @Override
    public String toString() {
        return "RegisteredEdge[" + edge + "]"; // the key is a secret
    }
}
