/**
 * Real files as works: a folder, a ZIP or the running JDK becomes creators and what they made.
 *
 * <p>Purpose: list every file once, in one order on every machine, with its content id. Invariants: symbolic links are
 * never followed and special files never opened; what cannot be read is named, never dropped in silence; the same bytes
 * twice belong to the first path in order. Trusts: nothing about names, sizes or the shape of an archive. Read first:
 * {@link org.tallystick.cli.content.Inventory}.
 */
@NullMarked
package org.tallystick.cli.content;

import org.jspecify.annotations.NullMarked;
