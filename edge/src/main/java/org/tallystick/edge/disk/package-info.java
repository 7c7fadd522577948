/**
 * Every change the edge makes to its disk, behind one interface, so that tests can make each step fail.
 *
 * <p>Invariants: what {@code sync} and {@code replace} return from survives a power cut. Trusts the file system to keep
 * what it synced and to rename atomically. Read {@link org.tallystick.edge.disk.Disk} first.
 */
@NullMarked
package org.tallystick.edge.disk;

import org.jspecify.annotations.NullMarked;
