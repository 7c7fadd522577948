/**
 * Merkle trees by RFC 6962: roots, inclusion and consistency proofs, proofs of several leaves at once.
 *
 * <p>Invariants: for each claim exactly one proof is accepted, the shortest. Trusts no proof. Read {@link
 * org.tallystick.protocol.tree.MerkleTree} first.
 */
@NullMarked
package org.tallystick.protocol.tree;

import org.jspecify.annotations.NullMarked;
