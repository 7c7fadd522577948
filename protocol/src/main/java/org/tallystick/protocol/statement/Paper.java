package org.tallystick.protocol.statement;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.pricing.StatedAmount;

/**
 * What a close issues: a statement for each payee, an invoice for each contract. Both say what was used in a period, carry
 * sums on from the papers before them, and are proven by the same evidence.
 */
public sealed interface Paper permits Statement, Invoice {
    /** How it writes exact amounts. */
    Notation notation();

    /** The platform's name: the origin of its log. */
    String platform();

    /** Id of the period. */
    String period();

    Instant from();

    /** First moment past the period. */
    Instant to();

    /** ISO 4217 code of every amount. */
    String currency();

    /** Size of the log it is a function of. */
    long position();

    /** Hash of the paper before it of the same kind for the same party or contract, whose sums it carries on. */
    Optional<Hash> previous();

    /** Per contract, how exact amounts became posted or charged ones; one for an invoice. */
    List<Statement.ContractTotal> contracts();

    String id();

    /** SHA-256 over the canonical JSON: what a close commits to. */
    Hash hash();

    Json.Obj json();

    /** {@code statement} or {@code invoice}: the member that holds it in a file, and the beginning of reasons. */
    String noun();

    /** What its lines come to, by contract. */
    Map<String, StatedAmount> sums();

    /** Whether an earlier paper is of the same kind, for the same party or contract, and of a period before this one. */
    boolean goesOnFrom(Paper earlier);
}
