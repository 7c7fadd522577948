/**
 * Who takes part: creators, curators, buyers, auditors, operators and edges, their signing keys and their API keys.
 *
 * <p>Invariants: a party's id, role and registration never change; its key changes only by its own signature; the log
 * names a party's profile by a salted hash and nothing else, so erasing the profile leaves nothing that leads back to a
 * person; of an API key only the SHA-256 is kept, and a key that acts for a party that signs is one that this party has asked
 * for under its present signing key, whoever has written the table; a signed request is taken once.
 *
 * <p>Trusts the operator to say who is who: the key shows that whoever brings it has it, not whose it is. Read {@link
 * Parties} first, then {@link ApiKeys}.
 */
@NullMarked
package org.tallystick.platform.party;

import org.jspecify.annotations.NullMarked;
