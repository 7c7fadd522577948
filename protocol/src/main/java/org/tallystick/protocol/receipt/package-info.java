/**
 * What an edge signs: leaf, batch and receipt, and the grant and certificate on which they depend.
 *
 * <p>Invariants: sequence numbers are dense within an epoch; a receipt is verified offline with the platform's public
 * key alone. Trusts no bytes from an edge or a consumer. Read {@link org.tallystick.protocol.receipt.Leaf} first, then
 * {@code Batch} and {@code Receipt}.
 */
@NullMarked
package org.tallystick.protocol.receipt;

import org.jspecify.annotations.NullMarked;
