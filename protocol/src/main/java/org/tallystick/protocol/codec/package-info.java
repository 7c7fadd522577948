/**
 * Bytes and texts: canonical JSON, hashes, base64, times, identifiers, and the one exception of every decoder.
 *
 * <p>Invariants: a value has one encoding; whatever else is offered is refused with a reason and its place. Trusts no input.
 * Read {@link org.tallystick.protocol.codec.Json} first, then {@code Fields} and {@code Hash}.
 */
@NullMarked
package org.tallystick.protocol.codec;

import org.jspecify.annotations.NullMarked;
