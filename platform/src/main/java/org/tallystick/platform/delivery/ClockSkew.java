package org.tallystick.platform.delivery;

import java.time.Duration;

/** How far another's clock may be ahead of the platform's: one number for edges, buyers and tokens. */
final class ClockSkew {
    static final Duration MOST = Duration.ofMinutes(5);

    private ClockSkew() {}
}
