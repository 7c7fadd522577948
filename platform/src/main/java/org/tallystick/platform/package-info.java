/**
 * The platform: a modular monolith, one package a room.
 *
 * <p>Invariants: state changes only by entries of the log; the database is what the rooms make of it and can be made again;
 * rooms use one another only through their façades, without cycles. It trusts its own key and clock, and edges and parties
 * only as far as their signatures reach. Read {@link org.tallystick.platform.app.Platform} first, then the {@code
 * package-info} of {@code ledger}.
 */
@NullMarked
package org.tallystick.platform;

import org.jspecify.annotations.NullMarked;
