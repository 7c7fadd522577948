package org.tallystick.edge.spool;

import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/**
 * The works delivered under each token that has a quota, across restarts. A quota is a number of distinct works: what is in
 * the token's set may be fetched again, and nothing ever leaves the set, so that neither a broken line nor a broken
 * delivery makes room for another work. The spool holds each set at the start of its newest segment and what every batch
 * since has added. Taking is safe from any thread; what goes to disk belongs to the sealer.
 */
public final class Quotas {
    /** Most bytes of memory all sets together may take, give or take the growth of one. */
    static final long MOST_MEMORY = 16L << 20;

    private final InstantSource clock;
    private final long mostMemory;
    private final AtomicLong memory = new AtomicLong();
    private final Map<TokenId, Quota> known = new HashMap<>(); // guarded by this

    public Quotas(InstantSource clock) {
        this(clock, MOST_MEMORY);
    }

    Quotas(InstantSource clock, long mostMemory) {
        this.clock = clock;
        this.mostMemory = mostMemory;
    }

    /** Whether a work may be delivered under a quota. */
    public enum Answer {
        /** It is in the token's set, where it may have been before. */
        HELD,
        /** It is new, and the set holds as many works as it may. */
        USED_UP,
        /** It is new, and the sets of all tokens fill the memory set aside for them. */
        NO_ROOM
    }

    /** The set of one token. */
    public final class Quota {
        private final TokenId token;
        private final long expires;
        private final long earlier;
        private final WorkSet works; // guarded by this, as all below
        private WorkSet unwritten = new WorkSet();
        private WorkSet writing = new WorkSet();
        private long bytes;
        private long limit = Long.MAX_VALUE;
        private boolean declared;

        private Quota(TokenId token, long expires, long earlier, long bytes, WorkSet works) {
            this.token = token;
            this.expires = expires;
            this.earlier = earlier;
            this.bytes = bytes;
            this.works = works;
            memory.addAndGet(works.memory());
        }

        /**
         * Puts a work into the set, where it is not there yet and there is room.
         *
         * @param ordinal of the work in the token's dataset version, from 0
         * @param length of the whole work, in bytes
         */
        public synchronized Answer take(int ordinal, long length) {
            if (works.contains(ordinal)) {
                return Answer.HELD;
            }
            if (earlier + works.size() >= limit) {
                return Answer.USED_UP;
            }
            if (memory.get() >= mostMemory) {
                return Answer.NO_ROOM;
            }
            long before = works.memory();
            works.add(ordinal);
            unwritten.add(ordinal);
            bytes += length;
            memory.addAndGet(works.memory() - before);
            return Answer.HELD;
        }

        /** Length of all works of the set, in bytes. */
        public synchronized long bytes() {
            return bytes;
        }

        private synchronized byte[] whole() {
            return QuotaCounts.declaration(token, true, expires, earlier, bytes, works);
        }

        /** What the newest segment does not hold of this set; nothing where it holds all. */
        private synchronized byte[] rest() {
            if (!declared) {
                hold();
                return whole();
            }
            if (unwritten.size() == 0) {
                return new byte[0];
            }
            byte[] rest = QuotaCounts.declaration(token, false, expires, earlier, bytes, unwritten);
            hold();
            return rest;
        }

        private void hold() {
            writing = unwritten;
            unwritten = new WorkSet();
        }

        private synchronized void written() {
            declared = true;
            writing = new WorkSet();
        }

        private synchronized void notWritten() {
            unwritten.addAll(java.nio.ByteBuffer.wrap(writing.encode()));
            writing = new WorkSet();
        }
    }

    /** The set of a grant's token, whose limit it sets. */
    public synchronized Quota of(Grant grant, long limit) {
        TokenId token = grant.tokenId();
        Quota quota =
                known.computeIfAbsent(token, id -> new Quota(id, grant.expires().toEpochMilli(), 0, 0, new WorkSet()));
        synchronized (quota) {
            quota.limit = limit;
        }
        return quota;
    }

    /** Starts from what the spool tells. */
    synchronized void recover(QuotaCounts counts) {
        known.clear();
        memory.set(0);
        counts.forEach((token, count) ->
                known.put(token, new Quota(token, count.expires(), count.earlier(), count.bytes(), count.works())));
    }

    /**
     * The bytes of a frame that brings the newest segment up to date for those of the sets that the next batch's
     * deliveries stand in. Once that batch is written, or is not, {@link #settle} must be told. For the sealer alone.
     */
    public byte[] additions(List<Quota> used) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Quota quota : distinct(used)) {
            out.writeBytes(quota.rest());
        }
        return out.toByteArray();
    }

    /** Says whether the additions are on disk. For the sealer alone. */
    public void settle(List<Quota> used, boolean written) {
        for (Quota quota : distinct(used)) {
            if (written) {
                quota.written();
            } else {
                quota.notWritten();
            }
        }
    }

    private static Set<Quota> distinct(List<Quota> used) {
        return new LinkedHashSet<>(used);
    }

    /** The bytes of a frame of all sets whose tokens have not expired, for a new segment. For the sealer alone. */
    synchronized byte[] all() {
        long now = clock.millis();
        known.values().removeIf(quota -> quota.expires <= now);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long used = 0;
        for (Quota quota : known.values()) {
            out.writeBytes(quota.whole());
            synchronized (quota) {
                used += quota.works.memory();
            }
        }
        memory.set(used);
        return out.toByteArray();
    }
}
