/**
 * What people do with contracts: read them in plain English, keep the duties in them, make them from templates, price
 * them, have them checked for traps, compare two versions, and carry them to and from ODRL.
 *
 * <p>Invariants: everything here is a pure function of terms, so that the same contract always reads the same and anyone
 * can check it offline; the words of a clause library version never change, since their hash is signed; no term is
 * without something that enforces it or a duty with an owner and a due date.
 *
 * <p>Trusts only what {@link org.tallystick.protocol.terms.ContractDocument} has parsed; reads no clock, file or network. Read
 * {@link org.tallystick.drafting.Clauses} first, then {@code PrintedContract} and {@code Duties}.
 */
@NullMarked
package org.tallystick.drafting;

import org.jspecify.annotations.NullMarked;
