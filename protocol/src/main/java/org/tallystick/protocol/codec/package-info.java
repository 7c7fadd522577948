/**
 * Bytes and texts: canonical JSON, hashes, base64, times, identifiers, and the one exception that every decoder throws.
 *
 * <p>Invariants: each value has exactly one encoding; any other input is refused with a reason and the place of the
 * error. Trusts no input. {@code Json}, its parser and {@code Jcs} refer to one another because a value knows how to
 * come from text and how to print itself; nothing else here is circular. Read {@link
 * org.tallystick.protocol.codec.Json} first, then {@code Fields} and {@code Hash}.
 */
@NullMarked
package org.tallystick.protocol.codec;

import org.jspecify.annotations.NullMarked;
