/**
 * Whose edge a data directory is, which platform key it trusts, and the implementations of Ed25519 it can use.
 *
 * <p>Invariants: the platform's key is taken at the first contact and never replaced; an implementation of Ed25519 is
 * used only after it has signed and verified a known message. Trusts the first answer of the platform's address. Read
 * {@link org.tallystick.edge.keys.Identity} first, then {@code Ed25519Provider}.
 */
@NullMarked
package org.tallystick.edge.keys;

import org.jspecify.annotations.NullMarked;
