package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * A contract all its parties have signed.
 *
 * @param position log position of its entry, which is the signed document
 * @param buyer who pays
 * @param curator who put the dataset version together
 * @param datasetVersion root of what it grants
 * @param accepted first moment of its life
 * @param ends first moment past its life, unless revoked earlier
 * @param revocation who ended it early, if anyone
 */
public record Contract(
        ContractId id,
        long position,
        ContractDocument document,
        PartyId buyer,
        PartyId curator,
        Hash datasetVersion,
        Instant accepted,
        Instant ends,
        Optional<Revocation> revocation) {
    /** Longest reason of a revocation or a notice, in characters. */
    static final int MAX_REASON = 500;

    public Contract {
        Objects.requireNonNull(id);
        Objects.requireNonNull(document);
        Objects.requireNonNull(buyer);
        Objects.requireNonNull(curator);
        Objects.requireNonNull(datasetVersion);
        Objects.requireNonNull(revocation);
        if (!accepted.isBefore(ends)) {
            throw new IllegalArgumentException("contract " + id + " ends before it begins");
        }
    }

    /**
     * How a contract was ended early.
     *
     * @param position log position of the revocation
     * @param at first moment at which nothing new may be done under the contract
     */
    public record Revocation(long position, Instant at, PartyId by, String reason) {
        public Revocation {
            Objects.requireNonNull(at);
            Objects.requireNonNull(by);
            Objects.requireNonNull(reason);
        }
    }

    /** Whether something new may be done under it at that moment. */
    public boolean liveAt(Instant time) {
        return !time.isBefore(accepted)
                && time.isBefore(ends)
                && revocation.map(r -> time.isBefore(r.at())).orElse(true);
    }
}
