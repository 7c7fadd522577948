package org.tallystick.platform.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.receipt.Scope;

/**
 * What a buyer wants a token for.
 *
 * @param ttl how long it is to live, at most {@link Jobs#MAX_TTL}
 * @param quota most distinct works each edge may deliver under it, if bounded
 * @param order number of the job order whose release keys requests show; empty for a plain token
 * @param edges numbers of the edges that may deliver; empty means any
 */
public record TokenRequest(
        Scope scope, Duration ttl, Optional<Long> quota, Optional<Integer> order, List<Integer> edges) {
    public TokenRequest {
        Objects.requireNonNull(scope);
        Objects.requireNonNull(ttl);
        Objects.requireNonNull(quota);
        Objects.requireNonNull(order);
        edges = edges.stream().distinct().sorted().toList();
    }

    /** A plain token, good on any edge. */
    public static TokenRequest plain(Scope scope, Duration ttl, Optional<Long> quota) {
        return new TokenRequest(scope, ttl, quota, Optional.empty(), List.of());
    }
}
