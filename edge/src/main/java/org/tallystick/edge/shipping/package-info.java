/**
 * Ships sealed batches to the platform, beside serving, and tries again where that fails.
 *
 * <p>Invariants: batches of an epoch leave in order; an epoch that the platform does not take holds up no other; an
 * epoch about which the two disagree is halted and kept for a person. Trusts an acknowledgement only where it names
 * this edge's own numbers. Read {@link org.tallystick.edge.shipping.Shipper} first.
 */
@NullMarked
package org.tallystick.edge.shipping;

import org.jspecify.annotations.NullMarked;
