/**
 * What the edge keeps so as to answer without asking: works, the dataset versions that list them, and the tables of release
 * keys of job orders.
 *
 * <p>Invariants: no byte of a work is served that this process has not hashed; no dataset version is used whose members
 * do not hash to its root, and no table that does not hash to its order's; disk and memory used are bounded. Trusts no file it finds and no answer it gets before it is
 * hashed. Read {@link org.tallystick.edge.cache.WorkStore} first, then {@code WorkLoader}.
 */
@NullMarked
package org.tallystick.edge.cache;

import org.jspecify.annotations.NullMarked;
