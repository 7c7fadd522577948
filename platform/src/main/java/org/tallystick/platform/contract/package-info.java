/**
 * Contracts in force: what the parties signed, from when until when, and whether one of them has revoked it.
 *
 * <p>Invariants: a contract is accepted only when buyer, curator and every creator of the dataset version it grants have
 * signed the same bytes with the keys they are registered with; its terms never change afterwards; it lives from its
 * acceptance for its duration unless revoked, replaced or ended with notice; a contract id names one set of terms for ever;
 * no two contracts in force overlap in what one of them grants exclusively.
 *
 * <p>Trusts the party room for whose key is whose and the catalogue for whose work is whose. What the terms mean is in
 * {@link org.tallystick.protocol.terms.ContractDocument}, so that anyone can read them offline. Classes called {@code …Rules}
 * decide over loaded values and see no database; the façades load for them. Read {@link Contracts} first.
 */
@NullMarked
package org.tallystick.platform.contract;

import org.jspecify.annotations.NullMarked;
