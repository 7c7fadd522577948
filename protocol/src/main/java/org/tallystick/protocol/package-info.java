/**
 * What travels and what is signed: leaves, batches, receipts, grants, contracts, statements, the tree and the checkpoint
 * over them, and how each is verified. Needs the JDK only, so that anyone can build on it.
 *
 * <p>Invariants: one byte string for each value that is signed; a decoder either gives a value that encodes to the same
 * bytes or says precisely what is wrong ({@link org.tallystick.protocol.MalformedException}); nothing here reads a clock,
 * a file or the network. Trusts no input; signing and verifying come from outside ({@link
 * org.tallystick.protocol.Signer}, {@link org.tallystick.protocol.Verifier}). Read {@link org.tallystick.protocol.Leaf}
 * first, then {@code Batch}, {@code Receipt} and {@code StatementVerifier}.
 */
@NullMarked
package org.tallystick.protocol;

import org.jspecify.annotations.NullMarked;
