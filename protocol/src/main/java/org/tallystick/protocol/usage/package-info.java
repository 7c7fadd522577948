/**
 * What a close commits to of the uses behind it, and how a payee is shown its own part: which of its works count as used
 * under a contract, job and scope, and what it is due and was paid in all.
 *
 * <p>Invariants: everything is a function of the uses, the amounts and the close's key, so a close computed again gives the
 * same bytes; a creator has one leaf at one place in each set, used or not, so that it cannot be passed over; a payee's
 * opening shows the blocks of its own works and salted hashes of all else. Trusts nothing that an opening says until it
 * leads to the root of a close. Read {@link org.tallystick.protocol.usage.UsageTree} first, then {@code ContractNode} and
 * {@code ContractOpening}.
 */
@NullMarked
package org.tallystick.protocol.usage;

import org.jspecify.annotations.NullMarked;
