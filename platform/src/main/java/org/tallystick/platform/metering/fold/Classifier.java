package org.tallystick.platform.metering.fold;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * token id stands for, and their places in the log; on nothing that changes. Not thread-safe: the last answer's set or
 * reason is read from the instance, so that a million answers a second make no object.
 */
public final class Classifier {
    /** Answer for a delivery that counts for no set. */
    public static final int NOWHERE = -1;

    private final FoldInputs surroundings;
    private final GrantIndex tracks = new GrantIndex();
    private final Map<UsageKey, FoldedSet> sets = new HashMap<>();
    private final int[] numbers = new int[BatchHeader.MAX_COUNT];
    private final int[] works = new int[BatchHeader.MAX_COUNT];
    private int number = GrantIndex.UNKNOWN;
    private UncountedReason reason = UncountedReason.UNKNOWN_TOKEN;
    private int ordinal = NOWHERE;

    public Classifier(FoldInputs surroundings) {
        this.surroundings = surroundings;
    }

    /** The ordinal of the work, or {@link #NOWHERE}. Does not ask whether the kind of delivery meters. */
    public int classify(long position, LeafReader leaf) {
        number = tracks.find(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2));
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
            int found = tracks.find(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2));
            numbers[leaf.index()] = found;
            works[leaf.index()] = found == GrantIndex.NONE || found == GrantIndex.UNKNOWN
                    ? NOWHERE
                    : tracks.get(found).ordinals().guess(leaf.contentPart(0), leaf.contentPart(1));
        }
        for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
            leaf.next();
            int at = leaf.index();
            if (works[at] != NOWHERE
                    && !tracks.get(numbers[at])
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
        return tracks.get(number)
                .ordinals()
                .find(leaf.contentPart(0), leaf.contentPart(1), leaf.contentPart(2), leaf.contentPart(3));
    }

    private int judge(long position, LeafReader leaf, int work) {
        IndexedGrant track = tracks.get(number);
        if (track.position() >= position) {
            return refuse(UncountedReason.UNKNOWN_TOKEN);
        }
        if (leaf.scopeCode() != track.scope()) {
            return refuse(UncountedReason.WRONG_SCOPE);
        }
        if (leaf.time() < track.notBefore() || leaf.time() >= track.expires()) {
            return refuse(UncountedReason.OUTSIDE_VALIDITY);
        }
        ordinal = work;
        return work == Ordinals.ABSENT ? refuse(UncountedReason.NOT_IN_DATASET) : work;
    }

    private int refuse(UncountedReason why) {
        reason = why;
        return NOWHERE;
    }

    /** The work the last delivery classified is a use of. */
    public int ordinal() {
        return ordinal;
    }

    /** The set the last delivery classified belongs to. */
    public FoldedSet set() {
        return tracks.get(number).set();
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
        tracks.forgetUnknown();
    }

    /** The set of that key, loaded if it was not. */
    FoldedSet set(UsageKey key, Hash dataset, int works) {
        FoldedSet set = sets.get(key);
        if (set == null) {
            set = surroundings.set(key, dataset, works);
            sets.put(key, set);
        }
        if (!set.dataset().equals(dataset)) {
            throw new IllegalStateException("job " + key + " was granted two dataset versions");
        }
        return set;
    }

    private int resolve(LeafReader leaf) {
        TokenId token = leaf.leaf().token();
        Optional<FoldInputs.Granted> granted = surroundings.grant(token);
        if (granted.isEmpty()) {
            return tracks.putUnknown(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2));
        }
        Grant grant = granted.get().grant();
        Ordinals ordinals = surroundings.ordinals(grant.dataset());
        UsageKey key = new UsageKey(new ContractId(grant.contract()), new JobId(grant.job()), grant.scope());
        IndexedGrant track = new IndexedGrant(
                set(key, grant.dataset(), ordinals.size()),
                ordinals,
                grant.scope().code(),
                grant.notBefore().toEpochMilli(),
                grant.expires().toEpochMilli(),
                granted.get().position());
        return tracks.put(leaf.tokenPart(0), leaf.tokenPart(1), leaf.tokenPart(2), track);
    }
}
