package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * A negotiation between a buyer and a curator about one contract, with every offer made so far.
 *
 * @param id the contract's id after {@code ng-}
 * @param state where they are, in the words of the Dataspace Protocol
 * @param offers every version, the first first; never empty
 * @param approvals what the buyer wants from inside its own organisation before its signature counts
 * @param reason why it was terminated; empty otherwise
 */
public record Negotiation(
        String id,
        ContractId contract,
        PartyId buyer,
        PartyId curator,
        State state,
        List<Offer> offers,
        Optional<Approvals> approvals,
        String reason) {
    /** The states of the Dataspace Protocol 2025-1; the buyer is its consumer, the curator its provider. */
    public enum State {
        /** The buyer has made the offer that stands. */
        REQUESTED,
        /** The curator has made the offer that stands. */
        OFFERED,
        /** The buyer has signed the offer that stands. */
        ACCEPTED,
        /** Buyer and curator have signed it; creators have still to. */
        AGREED,
        /** Everyone has signed, and the signatures have been found true. */
        VERIFIED,
        /** The contract is in force. */
        FINALIZED,
        /** One side has broken off. */
        TERMINATED;

        /**
         * The states a negotiation may be in next, itself where something can happen that leaves it there. Where signatures
         * come in another order than the protocol's, it passes through what lies between in the same moment.
         */
        public Set<State> next() {
            return switch (this) {
                case REQUESTED, OFFERED -> EnumSet.of(REQUESTED, OFFERED, ACCEPTED, AGREED, VERIFIED, TERMINATED);
                case ACCEPTED -> EnumSet.of(ACCEPTED, AGREED, VERIFIED, TERMINATED);
                case AGREED -> EnumSet.of(AGREED, VERIFIED, TERMINATED);
                case VERIFIED -> EnumSet.of(FINALIZED);
                case FINALIZED, TERMINATED -> EnumSet.noneOf(State.class);
            };
        }

        /** Whether nothing more can happen. */
        public boolean over() {
            return next().isEmpty();
        }
    }

    /**
     * One version of the terms, as a side offered it.
     *
     * @param version from 1, dense
     * @param document without signatures
     * @param expires first moment at which it can no longer be signed
     * @param signed who has signed it so far
     * @param approved which of the buyer's approvers have approved exactly these terms
     */
    public record Offer(
            int version,
            long position,
            PartyId by,
            Instant made,
            Optional<Instant> expires,
            String message,
            ContractDocument document,
            List<PartyId> signed,
            List<String> approved) {
        public Offer {
            Objects.requireNonNull(by);
            Objects.requireNonNull(made);
            Objects.requireNonNull(expires);
            Objects.requireNonNull(message);
            Objects.requireNonNull(document);
            signed = List.copyOf(signed);
            approved = List.copyOf(approved);
        }
    }

    public Negotiation {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(buyer);
        Objects.requireNonNull(curator);
        Objects.requireNonNull(state);
        Objects.requireNonNull(approvals);
        Objects.requireNonNull(reason);
        offers = List.copyOf(offers);
        if (offers.isEmpty()) {
            throw new IllegalArgumentException("negotiation " + id + " is about nothing");
        }
    }

    /** The id of the negotiation about a contract. */
    static String idOf(String contract) {
        return "ng-" + contract;
    }

    /** The version that stands. */
    public Offer current() {
        return offers.getLast();
    }

    /** Whether a party is one of the two sides. */
    public boolean isSide(PartyId party) {
        return party.equals(buyer) || party.equals(curator);
    }
}
