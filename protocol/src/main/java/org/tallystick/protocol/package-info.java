/**
 * What travels and what is signed, in layers that only look down: {@code codec}, {@code sign}, {@code tree}, {@code receipt},
 * {@code log}, {@code terms}, {@code pricing}, {@code statement}. Needs the JDK only, so that anyone can build on it.
 *
 * <p>Invariants: one byte string for each value that is signed; a decoder either gives a value that encodes to the same bytes
 * or says precisely what is wrong ({@code codec.MalformedException}); nothing here reads a clock, a file or the network.
 * Trusts no input; signing and verifying come from outside ({@code sign.Signer}, {@code sign.Verifier}). Read
 * {@code receipt.Leaf} first, then {@code receipt.Batch}, {@code receipt.Receipt} and {@code statement.PaperVerifier}.
 */
@NullMarked
package org.tallystick.protocol;

import org.jspecify.annotations.NullMarked;
