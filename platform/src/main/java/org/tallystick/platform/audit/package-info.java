/**
 * Answers to "show me": why a number is what it is, whether what is stored is what the log says, and the database made
 * again from the log.
 *
 * <p>Invariants: nothing here decides anything or changes an amount; a check recomputes from the log and the blobs and
 * believes no table. Trusts nothing but the platform's key. Read {@link org.tallystick.platform.audit.Fsck} first.
 */
@NullMarked
package org.tallystick.platform.audit;

import org.jspecify.annotations.NullMarked;
