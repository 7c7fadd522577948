/**
 * The contract language: terms as sealed records, the document that holds them, its signatures, mandates and approvals.
 *
 * <p>Invariants: a term that exists is valid; every member that is read is understood, all others are refused; the
 * signed bytes are canonical. Trusts no document. Read {@link org.tallystick.protocol.terms.ContractTerms} first, then
 * {@code ContractDocument}.
 */
@NullMarked
package org.tallystick.protocol.terms;

import org.jspecify.annotations.NullMarked;
