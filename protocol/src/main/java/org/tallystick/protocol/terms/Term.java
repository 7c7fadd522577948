package org.tallystick.protocol.terms;

/**
 * One clause of a contract as a value. All kinds are sealed: when one is added, the compiler points at every program
 * part that reads contracts (rater, edge, printer, form) and does not handle it.
 */
public sealed interface Term permits UseTerm, CareTerm, PayTerm, RiskTerm {}
