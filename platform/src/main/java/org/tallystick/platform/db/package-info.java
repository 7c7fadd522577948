/**
 * One PostgreSQL: transactions for the rooms' stores, migrations, and the embedded server that is used unless the
 * operator names another.
 *
 * <p>Invariants: what a committed {@link Database#write} did survives {@code kill -9} of this process, of the server or
 * of both; a failed one left nothing; two processes never share an embedded data directory; the embedded server listens
 * on loopback only and lets no one in without the password. Each room owns one schema, made by its own migrations
 * ({@code db/migration/V###__room.sql}). A thread has one transaction at a time.
 *
 * <p>Trusts the file system to keep what was synced, and everyone who can read the data directory. Read {@link Database}
 * first, then {@link EmbeddedServer}.
 */
@NullMarked
package org.tallystick.platform.db;

import org.jspecify.annotations.NullMarked;
