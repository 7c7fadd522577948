package org.tallystick.protocol.terms;

/**
 * One clause of a contract as a value. The kinds are sealed, so that whatever reads contracts (rater, edge, printer,
 * form) is told by the compiler when a kind is added, and none can be without a meaning.
 */
public sealed interface Term permits UseTerm, CareTerm, PayTerm, RiskTerm {}
