/**
 * The edge's side of the platform's HTTP interface.
 *
 * <p>Invariants: every call ends in bounded time; no answer longer than its bound is read. Trusts status codes only:
 * whoever asks verifies what came back by hash or signature. Read {@link org.tallystick.edge.platform.PlatformClient}
 * first.
 */
@NullMarked
package org.tallystick.edge.platform;

import org.jspecify.annotations.NullMarked;
