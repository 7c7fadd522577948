/**
 * Merkle trees as RFC 6962 has them: roots, inclusion and consistency proofs, proofs of several members at once.
 *
 * <p>Invariants: a proof is accepted only in its one shortest form. Trusts no proof. Read
 * {@link org.tallystick.protocol.tree.MerkleTree} first.
 */
@NullMarked
package org.tallystick.protocol.tree;

import org.jspecify.annotations.NullMarked;
