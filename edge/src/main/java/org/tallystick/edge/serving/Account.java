package org.tallystick.edge.serving;

import java.util.Optional;
import org.tallystick.edge.cache.Member;
import org.tallystick.edge.cache.Membership;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.edge.status.Metrics;
import org.tallystick.edge.status.TokenTraffic;
import org.tallystick.edge.tokens.TokenVerdict;

/**
 * What one delivery is held against: the token's quota of works, where the delivery is a use, and a limit in bytes, because
 * repeats cost nothing more. Works under a quota may be sent some times their length; under a token without one, and where all
 * bytes are free, as often the length of the dataset version. Belongs to one request.
 */
public final class Account {
    private final TokenVerdict.Granted granted;
    private final Optional<Quotas.Quota> quota;
    private final Member member;
    private final Membership.Extent extent;
    private final long bytes;

    /**
     * How many bytes may be sent under one token.
     *
     * @param repeats how often the bytes of its works
     * @param least bytes under any token, however short its works
     */
    public record Limits(long repeats, long least) {
        private long of(long bytes) {
            return Math.max(least, bytes > Long.MAX_VALUE / repeats ? Long.MAX_VALUE : bytes * repeats);
        }
    }

    /**
     * @param use whether the delivery is a use, so that a quota applies
     * @param bytes of content promised
     */
    Account(TokenVerdict.Granted granted, Member member, Membership.Extent extent, boolean use, long bytes) {
        this.granted = granted;
        this.quota = use ? granted.quota() : Optional.empty();
        this.member = member;
        this.extent = extent;
        this.bytes = bytes;
    }

    /** The token's set of works, where the delivery stands in it. */
    Optional<Quotas.Quota> quota() {
        return quota;
    }

    /** Takes what the delivery needs; where it cannot be had, the reason. A work stays in a quota's set for good. */
    Optional<Refusal> open(Limits limits) {
        if (quota.isPresent()) {
            switch (quota.get().take(member.ordinal(), member.bytes())) {
                case HELD -> {}
                case USED_UP -> {
                    return Optional.of(
                            Refusal.of(
                                    RefusalReason.TOKEN_QUOTA,
                                    "The token's quota of distinct works is used up; those it was given may be fetched again."));
                }
                case NO_ROOM -> {
                    return Optional.of(Refusal.of(RefusalReason.EDGE_OVERLOADED));
                }
            }
        }
        long limit = limits.of(quota.map(Quotas.Quota::bytes).orElse(extent.bytes()));
        if (!traffic().spend(quota.isPresent(), bytes, limit)) {
            return Optional.of(Refusal.of(
                    RefusalReason.TOKEN_BYTES,
                    "Under this token at most " + limit + " bytes are sent; repeats count."));
        }
        return Optional.empty();
    }

    /** The delivery was not made after all. */
    void cancel() {
        traffic().unspend(quota.isPresent(), bytes);
    }

    /** The delivery ended, and so many of its bytes were handed over. */
    void close(Metrics metrics, long handed) {
        traffic().unspend(quota.isPresent(), bytes - handed);
        if (bytes > 0) {
            metrics.breakingOff().ended(granted.token(), traffic(), handed == bytes, handed);
        }
    }

    private TokenTraffic traffic() {
        return granted.traffic();
    }
}
