package org.tallystick.platform.kernel;

import java.time.Duration;

/** How far another's clock may be ahead of the platform's: one number for edges, parties, signatures and tokens. */
public final class ClockSkew {
    public static final Duration MOST = Duration.ofMinutes(5);

    private ClockSkew() {}
}
