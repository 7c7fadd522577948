package org.tallystick.edge.spool;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Counts deliveries under tokens that have a quota, across restarts: the spool holds each token's count at the start of
 * its newest segment and every leaf since. Taking is safe from any thread; what goes to disk belongs to the sealer.
 */
public final class Quotas {
    private final InstantSource clock;
    private final Map<TokenId, Quota> known = new HashMap<>();

    public Quotas(InstantSource clock) {
        this.clock = clock;
    }

    /** The count of one token. */
    public static final class Quota {
        private final TokenId token;
        private final long expires;
        private final AtomicLong taken;
        private volatile long limit = Long.MAX_VALUE;
        private long sealed;
        private boolean declared;

        private Quota(TokenId token, long expires, long used) {
            this.token = token;
            this.expires = expires;
            this.sealed = used;
            this.taken = new AtomicLong(used);
        }

        /** Takes one delivery, if one is left. */
        public boolean take() {
            long before = taken.get();
            while (before < limit) {
                if (taken.compareAndSet(before, before + 1)) {
                    return true;
                }
                before = taken.get();
            }
            return false;
        }

        /** Gives one back that was taken and not delivered. */
        public void giveBack() {
            taken.decrementAndGet();
        }

        /** Counts a leaf that is durable. Called by the sealer alone. */
        public void sealed(LeafKind kind) {
            sealed += QuotaCounts.change(kind.code());
            declared = true;
        }
    }

    /** The count of a grant's token, whose limit it sets. */
    public synchronized Quota of(Grant grant, long limit) {
        TokenId token = grant.tokenId();
        Quota quota =
                known.computeIfAbsent(token, id -> new Quota(id, grant.expires().toEpochMilli(), 0));
        quota.limit = limit;
        return quota;
    }

    /** Starts from what the spool tells. */
    synchronized void recover(QuotaCounts counts) {
        known.clear();
        counts.forEach((token, count) -> known.put(token, new Quota(token, count[1], Math.max(0, count[0]))));
    }

    /**
     * The bytes of a quota frame for those of the quotas that the newest segment does not declare yet. For the sealer
     * alone.
     */
    public byte[] undeclared(List<Quota> used) {
        List<Quota> fresh = new ArrayList<>();
        for (Quota quota : used) {
            if (!quota.declared && !fresh.contains(quota)) {
                fresh.add(quota);
            }
        }
        return encode(fresh);
    }

    /** The bytes of a quota frame for all tokens that have not expired, for a new segment. For the sealer alone. */
    synchronized byte[] all() {
        long now = clock.millis();
        known.values().removeIf(quota -> quota.expires <= now);
        return encode(List.copyOf(known.values()));
    }

    private static byte[] encode(List<Quota> quotas) {
        ByteBuffer out = ByteBuffer.allocate(quotas.size() * QuotaCounts.ENTRY);
        for (Quota quota : quotas) {
            out.put(quota.token.bytes()).putLong(quota.sealed).putLong(quota.expires);
        }
        return out.array();
    }
}
