package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.statement.Invoice;

/**
 * What a close comes to, but for what depends on the state of escrow.
 *
 * @param notation how statements and invoices write exact amounts
 * @param statements in order of id
 * @param contracts by id
 * @param setAside contracts that could not be rated, by id
 */
public record CloseResult(
        Notation notation, List<Sealed> statements, List<OfContract> contracts, List<SetAside> setAside) {
    public CloseResult {
        Objects.requireNonNull(notation);
        statements = List.copyOf(statements);
        contracts = List.copyOf(contracts);
        setAside = List.copyOf(setAside);
    }

    /**
     * One contract.
     *
     * @param lines of its invoice
     * @param before sums over earlier invoices
     * @param gross exact amount of the lines, in e
     * @param charge micros to charge, below zero to give back
     * @param fee exact, in e; part of gross
     * @param feePosted micros of fee to post, below zero to give back
     * @param postings micros by payee, without zeros, in order of party
     * @param parts works billed and given back
     * @param flat whether a flat price has become due, by this close or an earlier one
     * @param usage all works used and all sums after this close
     */
    public record OfContract(
            Contract contract,
            Currency currency,
            List<Invoice.Line> lines,
            CloseInput.ContractTotal before,
            Exact gross,
            BigInteger charge,
            Exact fee,
            BigInteger feePosted,
            List<Posting> postings,
            List<CloseInput.BilledSet> parts,
            boolean flat,
            ContractUsage usage) {
        public OfContract {
            Objects.requireNonNull(contract);
            Objects.requireNonNull(usage);
            lines = List.copyOf(lines);
            postings = List.copyOf(postings);
            parts = List.copyOf(parts);
        }
    }

    /**
     * What one payee's account is to change by.
     *
     * @param micros not zero
     * @param statement id of the statement that says so
     */
    record Posting(PartyId party, BigInteger micros, String statement) {}
}
