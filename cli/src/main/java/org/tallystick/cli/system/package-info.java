/**
 * A whole Tallystick on this machine: platform and edge as supervised processes over one data folder.
 *
 * <p>Purpose: what {@code up} and {@code demo} share. Invariants: everything lies below the data folder; secrets are readable
 * by their owner only; an edge registered once keeps its number and key. Trusts: the data folder. Read first: {@link
 * org.tallystick.cli.system.LocalSystem}.
 */
@NullMarked
package org.tallystick.cli.system;

import org.jspecify.annotations.NullMarked;
