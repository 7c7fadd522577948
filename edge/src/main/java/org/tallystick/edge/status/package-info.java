/**
 * What the edge knows of its own state: counters since the start, what each token was sent, and how it stands with the platform.
 *
 * <p>Invariants: reading and writing never wait, but for the short lock of one token, because every request does both. Trusts its callers
 * to report what happened to them. Read {@link org.tallystick.edge.status.Standing} first, then {@code Metrics}.
 */
@NullMarked
package org.tallystick.edge.status;

import org.jspecify.annotations.NullMarked;
