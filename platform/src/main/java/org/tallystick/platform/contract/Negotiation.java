package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.ContractDocument;

/**
 * Two sides on their way to a contract.
 *
 * @param id the contract's id after {@code ng-}
 * @param state where they are, in the words of the Dataspace Protocol
 * @param offers every version, the first first; never empty
 * @param reason why it was terminated; empty otherwise
 */
public record Negotiation(
        String id,
        ContractId contract,
        PartyId buyer,
        PartyId curator,
        State state,
        List<Offer> offers,
        String reason) {
    /** The states of the Dataspace Protocol 2025-1; the buyer is its consumer, the curator its provider. */
    public enum State {
        /** The buyer has made the offer that stands. */
        REQUESTED,
        /** The curator has. */
        OFFERED,
        /** The buyer has signed it. */
        ACCEPTED,
        /** Buyer and curator have signed it; creators have still to. */
        AGREED,
        /** Everyone has signed, and the signatures have been found true. */
        VERIFIED,
        /** The contract is in force. */
        FINALIZED,
        /** One side has broken off. */
        TERMINATED;

        /** Whether nothing more can happen. */
        public boolean over() {
            return this == FINALIZED || this == TERMINATED;
        }
    }

    /**
     * One version.
     *
     * @param version from 1, dense
     * @param document without signatures
     * @param expires first moment at which it can no longer be signed
     * @param signed who has signed it so far
     */
    public record Offer(
            int version,
            long position,
            PartyId by,
            Instant made,
            Optional<Instant> expires,
            String message,
            ContractDocument document,
            List<PartyId> signed) {
        public Offer {
            Objects.requireNonNull(by);
            Objects.requireNonNull(made);
            Objects.requireNonNull(expires);
            Objects.requireNonNull(message);
            Objects.requireNonNull(document);
            signed = List.copyOf(signed);
        }
    }

    public Negotiation {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(buyer);
        Objects.requireNonNull(curator);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        offers = List.copyOf(offers);
        if (offers.isEmpty()) {
            throw new IllegalArgumentException("negotiation " + id + " is about nothing");
        }
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
