/**
 * Keys and signatures: Ed25519 behind two interfaces, {@code did:key} and {@code did:web}, JWS, signed notes.
 *
 * <p>Invariants: a signature covers one canonical byte string; private keys never leave their {@code Signer}. Trusts the
 * algorithms it is given and no key that it was not given. Read {@link org.tallystick.protocol.sign.Signer} first, then
 * {@code Jws}.
 */
@NullMarked
package org.tallystick.protocol.sign;

import org.jspecify.annotations.NullMarked;
