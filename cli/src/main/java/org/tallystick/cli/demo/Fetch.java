package org.tallystick.cli.demo;

import org.tallystick.cli.content.Work;

/**
 * One request of a trainer to the edge.
 *
 * @param work which work
 * @param how in which way
 */
record Fetch(Work work, How how) {
    /** The ways to ask for a work. */
    enum How {
        /** The whole work. */
        WHOLE,
        /** The second half of the work, as a range request. */
        RANGE,
        /** Whether the copy fetched before is still current (304). */
        REVALIDATE,
        /** The connection is dropped in the middle; nothing is kept. */
        BROKEN_OFF,
        /** Only the headers (HTTP HEAD); never a use. */
        HEAD
    }
}
