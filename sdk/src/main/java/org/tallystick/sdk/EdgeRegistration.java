package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;

/**
 * A newly registered edge.
 *
 * @param edge its number
 * @param apiKey its key, shown this once; kept out of {@link #toString}
 */
public record EdgeRegistration(int edge, String apiKey) {
    static EdgeRegistration of(Fields fields) {
        return new EdgeRegistration((int) fields.integer("edge", 1, Integer.MAX_VALUE), fields.text("api_key"));
    }

    @Override
    public String toString() {
        return "EdgeRegistration[" + edge + "]";
    }
}
