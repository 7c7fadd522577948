/**
 * The contract language: terms as sealed records, the document that carries them, its signatures, mandates and approvals.
 *
 * <p>Invariants: a term that exists is valid; what is read is understood or refused; the signed bytes are canonical. Trusts no
 * document. Read {@link org.tallystick.protocol.terms.ContractTerms} first, then {@code ContractDocument}.
 */
@NullMarked
package org.tallystick.protocol.terms;

import org.jspecify.annotations.NullMarked;
