/**
 * What usage is worth under a contract: exact amounts in e (10<sup>-48</sup> of the major unit), each with the factors it
 * is made of.
 *
 * <p>Invariants: pure, the same terms and uses give the same amounts; every amount is computed by {@code
 * protocol.pricing.Worth}, as the verifier of statements computes it; amounts and the platform's fee add up to exactly what
 * the buyer owes under a price per use, and under a flat price to less than one e below it for each amount; a price is only
 * ever multiplied by what it is the price of, because each model of pricing is a type of its own.
 *
 * <p>Trusts the contract to have been checked ({@code ContractDocument}) and the counts to be those of metering. Read
 * {@link Rater}, then the table test {@code RaterTest}.
 */
@NullMarked
package org.tallystick.platform.rating;

import org.jspecify.annotations.NullMarked;
