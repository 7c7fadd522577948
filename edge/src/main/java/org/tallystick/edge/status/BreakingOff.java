package org.tallystick.edge.status;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of which too many deliveries broke off in this hour or the last, for the operator to look at. Bounded: past
 * {@value #MOST} at a time no more are listed. Safe from any thread.
 */
public final class BreakingOff {
    private static final Logger LOG = LoggerFactory.getLogger(BreakingOff.class);
    private static final int MOST = 256;

    private final InstantSource clock;
    private final Map<String, TokenTraffic> flagged = new ConcurrentHashMap<>();

    public BreakingOff(InstantSource clock) {
        this.clock = clock;
    }

    /** Counts a delivery of a token that ended; {@code token} is its id. */
    public void ended(Object token, TokenTraffic traffic, boolean whole, long handed) {
        TokenTraffic.Hour hour = traffic.ended(clock.millis(), whole, handed);
        if (whole || !hour.isFlagged() || flagged.containsKey(token.toString())) {
            return;
        }
        drop();
        if (flagged.size() < MOST && flagged.put(token.toString(), traffic) == null) {
            LOG.warn(
                    "token {}: of {} deliveries in this hour {} were cut and {} void",
                    token,
                    hour.deliveries(),
                    hour.cut(),
                    hour.voided());
        }
    }

    private void drop() {
        long now = clock.millis();
        flagged.values().removeIf(traffic -> !traffic.worst(now).isFlagged());
    }

    /** Tokens flagged now. */
    public long count() {
        drop();
        return flagged.size();
    }

    /** Writes the flagged tokens in the Prometheus text format. */
    void write(StringBuilder out) {
        drop();
        long now = clock.millis();
        out.append("# TYPE tallystick_edge_token_hour_deliveries gauge\n");
        flagged.forEach((token, traffic) -> {
            TokenTraffic.Hour hour = traffic.worst(now);
            line(out, token, "all", hour.deliveries());
            line(out, token, "cut", hour.cut());
            line(out, token, "void", hour.voided());
        });
    }

    private static void line(StringBuilder out, String token, String end, long count) {
        out.append("tallystick_edge_token_hour_deliveries{token=\"")
                .append(token)
                .append("\",end=\"")
                .append(end)
                .append("\"} ")
                .append(count)
                .append('\n');
    }
}
