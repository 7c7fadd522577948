/**
 * Whether a token lets its holder fetch works, decided from memory.
 *
 * <p>Invariants: a signature is verified before a token is believed, once for each token text; time and revocations are
 * checked for each request; a revocation once known is not forgotten by a restart. Trusts the platform's key for grants
 * and the platform's feed for revocations. Read {@link org.tallystick.edge.tokens.TokenGate} first.
 */
@NullMarked
package org.tallystick.edge.tokens;

import org.jspecify.annotations.NullMarked;
