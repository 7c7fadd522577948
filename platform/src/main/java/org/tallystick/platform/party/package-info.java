/**
 * Who takes part: creators, curators, buyers, auditors, operators and edges, their signing keys and their API keys.
 *
 * <p>Invariants: a party's id, role and registration never change; its key changes only by its own signature; the log
 * names a party's profile by a salted hash and nothing else, so erasing the profile leaves nothing that leads back to a
 * person; of an API key only the SHA-256 is kept.
 *
 * <p>Trusts the operator to register the right key for a name: whoever registers a party says who it is. Read {@link
 * Parties} first.
 */
@NullMarked
package org.tallystick.platform.party;

import org.jspecify.annotations.NullMarked;
