package org.tallystick.platform.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tallystick.protocol.codec.Hash;

/**
 * Transfers that happen together or not at all. Only what they come to together must keep accounts from going negative,
 * so their order means nothing to balances. Immutable.
 *
 * @param id 32 bytes the caller derives from the occasion; the same id with the same content is the same posting
 * @param at when it takes effect, whole microseconds (finer is cut off), 1970 to 9999
 * @param description for a person, at most 500 characters
 * @param reference for a program, at most 500 characters: the occasion, for example a statement
 * @param transfers 1 to 100 000, with distinct ids
 */
public record PostingGroup(Hash id, Instant at, String description, String reference, List<Transfer> transfers) {
    private static final int MAX_TRANSFERS = 100_000;
    private static final Instant END = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** @throws IllegalArgumentException where the above does not hold */
    public PostingGroup {
        transfers = List.copyOf(transfers);
        at = at.truncatedTo(ChronoUnit.MICROS);
        Texts.text("a description", description);
        Texts.text("a reference", reference);
        if (at.isBefore(Instant.EPOCH) || at.isAfter(END)) {
            throw new IllegalArgumentException("a posting is between 1970 and 9999, not at " + at);
        }
        if (transfers.isEmpty() || transfers.size() > MAX_TRANSFERS) {
            throw new IllegalArgumentException("a group has 1 to 100000 transfers, not " + transfers.size());
        }
        Set<Hash> ids = HashSet.newHashSet(transfers.size());
        for (Transfer transfer : transfers) {
            if (!ids.add(transfer.id())) {
                throw new IllegalArgumentException("two transfers of one group have the id " + transfer.id());
            }
        }
    }
}
