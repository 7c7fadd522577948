package org.tallystick.platform.metering.fold;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.LeafReader;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Says which work of which set a delivery is a use of, or why it is none. The answer depends on the leaf, the grant its
 * token id stands for and what has ended that, and their places in the log; never on what else was delivered. That a token was
 * revoked or a job closed changes no answer given before: intake lets no leaf be dated further ahead than {@link #TOLERANCE},
 * so whatever came before the end is not dated past it. Not thread-safe: the last answer's set or
 * reason is read from the instance, so that a million answers a second make no object.
 */
public final class Classifier {
    /** Answer for a delivery that counts for no set. */
    public static final int NOWHERE = -1;

    /** How far a leaf's time may lie past an end and still count: twice what an edge's clock may be ahead, in milliseconds. */
    public static final long TOLERANCE = TimeUnit.MINUTES.toMillis(10);

    private final FoldInputs inputs;
    private final GrantIndex grants = new GrantIndex();
    private final Map<UsageKey, FoldedSet> sets = new HashMap<>();
    private final Map<Grant.Order, Releases> orders = new HashMap<>();
    private final Map<Long, Long> revoked = new HashMap<>();
    private long epochAsked;
    private long revokedFrom = Long.MAX_VALUE;
    private final int[] numbers = new int[BatchHeader.MAX_COUNT];
    private final int[] works = new int[BatchHeader.MAX_COUNT];
    private int number = GrantIndex.UNKNOWN;
    private UncountedReason reason = UncountedReason.UNKNOWN_TOKEN;
    private int ordinal = NOWHERE;

    public Classifier(FoldInputs inputs) {
        this.inputs = inputs;
    }

    /** The ordinal of the work, or {@link #NOWHERE}. Does not ask whether the kind of delivery meters. */
    public int classify(long position, LeafReader leaf) {
        number = grants.find(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2));
        if (number == GrantIndex.NONE) {
            number = resolve(leaf);
        }
        return number == GrantIndex.UNKNOWN ? refuse(UncountedReason.UNKNOWN_TOKEN) : judge(position, leaf, find(leaf));
    }

    /**
     * Looks up the tokens and works of a whole batch ahead of {@link #classifyNext}. Look-ups wait for memory; in loops
     * that do nothing else the processor waits for many of them at once.
     */
    public void lookUp(Batch batch) {
        for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
            leaf.next();
            int found = grants.find(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2));
            numbers[leaf.index()] = found;
            works[leaf.index()] = found == GrantIndex.NONE || found == GrantIndex.UNKNOWN
                    ? NOWHERE
                    : grants.get(found).ordinals().guess(leaf.contentPart(0), leaf.contentPart(1));
        }
        for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
            leaf.next();
            int at = leaf.index();
            if (works[at] != NOWHERE
                    && !grants.get(numbers[at])
                            .ordinals()
                            .isAt(
                                    works[at],
                                    leaf.contentPart(0),
                                    leaf.contentPart(1),
                                    leaf.contentPart(2),
                                    leaf.contentPart(3))) {
                works[at] = NOWHERE;
            }
        }
    }

    /** As {@link #classify}, for the leaves of the batch that was looked up. */
    public int classifyNext(long position, LeafReader leaf) {
        int work = works[leaf.index()];
        if (work == NOWHERE) {
            return classify(position, leaf);
        }
        number = numbers[leaf.index()];
        return judge(position, leaf, work);
    }

    private int find(LeafReader leaf) {
        return grants.get(number)
                .ordinals()
                .find(leaf.contentPart(0), leaf.contentPart(1), leaf.contentPart(2), leaf.contentPart(3));
    }

    private int judge(long position, LeafReader leaf, int work) {
        IndexedGrant indexed = grants.get(number);
        if (indexed.position() >= position) {
            return refuse(UncountedReason.UNKNOWN_TOKEN);
        }
        if (leaf.scopeCode() != indexed.scope()) {
            return refuse(UncountedReason.WRONG_SCOPE);
        }
        if (leaf.time() < indexed.notBefore() || leaf.time() >= indexed.expires()) {
            return refuse(UncountedReason.OUTSIDE_VALIDITY);
        }
        ordinal = work;
        return work == Ordinals.ABSENT
                ? refuse(UncountedReason.NOT_IN_DATASET)
                : indexed.ordered() || indexed.isEnding()
                        ? judgeBounded(indexed, position, leaf, work)
                        : judgeBytes(indexed, position, leaf, work);
    }

    /** For grants that are ended, name edges, or want release keys. */
    private int judgeBounded(IndexedGrant indexed, long position, LeafReader leaf, int work) {
        long time = leaf.time();
        if (!indexed.edges().isEmpty() && !indexed.edges().contains(leaf.edge())) {
            return refuse(UncountedReason.EDGE_NOT_GRANTED);
        }
        if (time >= indexed.closed()) {
            return refuse(UncountedReason.JOB_CLOSED);
        }
        if (time >= indexed.revoked()) {
            return refuse(UncountedReason.TOKEN_REVOKED);
        }
        if (indexed.ordered()) {
            if (indexed.releases().isEmpty()) {
                return refuse(UncountedReason.ORDER_UNKNOWN);
            }
            Releases releases = indexed.releases().get();
            if (time >= releases.ends()) {
                return refuse(UncountedReason.ORDER_ENDED);
            }
            if (!leaf.isReleased()) {
                return refuse(UncountedReason.RELEASE_MISSING);
            }
            if (!releases.opens(work, leaf)) {
                return refuse(UncountedReason.RELEASE_WRONG);
            }
        }
        return judgeBytes(indexed, position, leaf, work);
    }

    private int judgeBytes(IndexedGrant indexed, long position, LeafReader leaf, int work) {
        if (!indexed.ordinals().fits(work, leaf)) {
            return refuse(UncountedReason.WRONG_BYTES);
        }
        return position > revokedFrom(leaf) ? refuse(UncountedReason.EDGE_REVOKED) : work;
    }

    /** The position from which on the leaf's epoch is worthless; mostly asked for the epoch of the leaf before. */
    private long revokedFrom(LeafReader leaf) {
        long epoch = (long) leaf.edge() << 32 | leaf.epoch();
        if (epoch != epochAsked) {
            epochAsked = epoch;
            revokedFrom = revoked.computeIfAbsent(epoch, e -> inputs.revokedFrom(leaf.edge(), leaf.epoch()));
        }
        return revokedFrom;
    }

    private int refuse(UncountedReason why) {
        reason = why;
        return NOWHERE;
    }

    /** The work the last delivery classified is a use of. */
    public int ordinal() {
        return ordinal;
    }

    /** Whether handing over what the last delivery classified promises is a use. */
    boolean isUse(LeafReader leaf) {
        return grants.get(number).ordinals().isUse(ordinal, leaf);
    }

    /** Whether handing over so many bytes of what the last delivery classified promises is a use. */
    public boolean isUse(LeafReader leaf, long handed) {
        return grants.get(number).ordinals().isUse(ordinal, leaf, handed);
    }

    /** The set the last delivery classified belongs to. */
    public FoldedSet set() {
        return grants.get(number).set();
    }

    /** Why the last delivery classified belongs nowhere. */
    public UncountedReason reason() {
        return reason;
    }

    /** All sets looked up so far. */
    Collection<FoldedSet> sets() {
        return sets.values();
    }

    /** Forgets which tokens nobody was granted: the log may grow by their grants. */
    void forgetUnknown() {
        grants.forgetUnknown();
    }

    /** Forgets what tokens and epochs stand for: some have been ended. */
    void forgetGrants() {
        grants.forget();
        revoked.clear();
        epochAsked = 0;
    }

    /** The set of that key, loaded if it was not. */
    FoldedSet set(UsageKey key, Hash dataset, int works) {
        FoldedSet set = sets.get(key);
        if (set == null) {
            set = inputs.set(key, dataset, works);
            sets.put(key, set);
        }
        if (!set.dataset().equals(dataset)) {
            throw new IllegalStateException("job " + key + " was granted two dataset versions");
        }
        return set;
    }

    private int resolve(LeafReader leaf) {
        TokenId token = leaf.leaf().token();
        Optional<FoldInputs.Granted> granted = inputs.grant(token);
        if (granted.isEmpty()) {
            return grants.putUnknown(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2));
        }
        Grant grant = granted.get().grant();
        Ordinals ordinals = inputs.ordinals(grant.dataset());
        UsageKey key = new UsageKey(new ContractId(grant.contract()), new JobId(grant.job()), grant.scope());
        IndexedGrant indexed = new IndexedGrant(
                set(key, grant.dataset(), ordinals.size()),
                ordinals,
                grant.scope().code(),
                grant.notBefore().toEpochMilli(),
                grant.expires().toEpochMilli(),
                granted.get().position(),
                end(granted.get().bounds().revoked()),
                end(granted.get().bounds().closed()),
                grant.edges(),
                grant.order().isPresent(),
                grant.order().flatMap(order -> releases(order, granted.get().bounds())));
        return grants.put(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2), indexed);
    }

    private static long end(Optional<Instant> end) {
        return end.map(moment -> moment.toEpochMilli() + TOLERANCE).orElse(Long.MAX_VALUE);
    }

    /** What an order's tokens share; a tag belongs to one order. */
    private Optional<Releases> releases(Grant.Order order, FoldInputs.Bounds bounds) {
        Releases known = orders.get(order);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Releases> made = bounds.order().map(found -> new Releases(found.table(), found.ends()));
        made.ifPresent(releases -> orders.put(order, releases));
        return made;
    }
}
