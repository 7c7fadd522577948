/**
 * Answers to "show me": why a number is what it is, whether what is stored is what the log says, and the database made
 * again from the log.
 *
 * <p>Invariants: nothing here decides anything or changes an amount; a check recomputes from the log and the blobs and
 * believes no table; what needs no order is done on every core, ahead of the one thread that counts in the order of the log. Trusts
 * nothing but the platform's key. Read {@link org.tallystick.platform.audit.Fsck} first.
 */
@NullMarked
package org.tallystick.platform.audit;

import org.jspecify.annotations.NullMarked;
