package org.tallystick.edge;

import java.time.InstantSource;

/**
 * What connections share. Made once, when all of it exists.
 *
 * @param clock the time that leaves carry
 */
record Services(
        EdgeConfig config,
        InstantSource clock,
        Metrics metrics,
        Heads heads,
        Sealer sealer,
        Router router,
        Standing standing) {}
