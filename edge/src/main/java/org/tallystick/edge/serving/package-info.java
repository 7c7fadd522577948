/**
 * Takes requests over HTTP and writes the answers.
 *
 * <p>Invariants: no answer that is a delivery leaves before its leaf is durable; answers leave in the order of their
 * requests; a delivery whose bytes do not all reach the socket is amended by a leaf that says how many did; a client can make the edge
 * hold only a bounded number of bytes and requests; no header line is written from unchecked text. Trusts no client. It
 * cannot know whether bytes given to the socket were read, so what counts as handed over is what the socket took. Read {@link org.tallystick.edge.serving.Works} first (what happens to a request), then {@code
 * Exchange} (its way to the answer) and {@code Connection}.
 */
@NullMarked
package org.tallystick.edge.serving;

import org.jspecify.annotations.NullMarked;
