/**
 * What an edge signs: leaf, batch, receipt, and the grant and certificate they stand on.
 *
 * <p>Invariants: sequence numbers are dense within an epoch; a receipt is verified offline from the platform's key alone.
 * Trusts no bytes from an edge or a consumer. Read {@link org.tallystick.protocol.receipt.Leaf} first, then {@code Batch} and
 * {@code Receipt}.
 */
@NullMarked
package org.tallystick.protocol.receipt;

import org.jspecify.annotations.NullMarked;
