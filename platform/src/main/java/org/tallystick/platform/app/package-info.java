/**
 * The platform as one process: what it is configured with, and the whole object graph in one readable place.
 *
 * <p>Invariants: configuration is typed, has units, and nothing unknown in it is passed over; every part is made once, in
 * the order of its needs, and closed in reverse; no other room makes another room's objects.
 *
 * <p>Trusts whoever can read the data directory: the platform's key lies there. Read {@code Platform} first.
 */
@NullMarked
package org.tallystick.platform.app;

import org.jspecify.annotations.NullMarked;
