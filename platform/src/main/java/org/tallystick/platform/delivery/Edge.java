package org.tallystick.platform.delivery;

import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;

/**
 * A registered edge.
 *
 * @param number from 1, never given twice
 * @param name what people call it, unique
 * @param party the party its API keys belong to, {@code edge-<number>}
 * @param revoked whether nothing is taken from it any more
 */
public record Edge(int number, String name, PartyId party, boolean revoked) {
    public Edge {
        Objects.requireNonNull(name);
        Objects.requireNonNull(party);
    }

    static PartyId partyOf(int number) {
        return new PartyId("edge-" + number);
    }
}
