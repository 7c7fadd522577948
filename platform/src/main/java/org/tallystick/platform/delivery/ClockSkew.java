package org.tallystick.platform.delivery;

import java.time.Duration;

/** How far clocks may differ before something is refused for its time: one number for edges, buyers and tokens. */
final class ClockSkew {
    static final Duration MOST = Duration.ofMinutes(5);

    private ClockSkew() {}
}
