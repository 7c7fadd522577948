package org.tallystick.cli.demo;

import org.tallystick.cli.content.Work;

/**
 * One thing a trainer asks of the edge.
 *
 * @param work which work
 * @param how in which way
 */
record Fetch(Work work, How how) {
    /** The ways of asking. */
    enum How {
        /** All of it. */
        WHOLE,
        /** Its second half. */
        RANGE,
        /** Whether the copy fetched before is still current (304). */
        REVALIDATE,
        /** The connection is dropped in the middle; nothing is kept. */
        BROKEN_OFF,
        /** Only its headers; never a use. */
        HEAD
    }
}
