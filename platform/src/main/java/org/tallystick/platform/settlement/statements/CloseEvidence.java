package org.tallystick.platform.settlement.statements;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.metering.Evidence;
import org.tallystick.platform.metering.EvidenceQuery;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.settlement.closing.CloseInput;

/**
 * The receipts behind what a close billed under a contract. Statements of one close are mostly asked for one after another
 * and stand on the same batches, so those are gone through once for all of them and what was found is kept for a while, as
 * places in the log of a few bytes each. Never changes, because it depends on the log up to a position alone. Safe from any
 * thread.
 */
final class CloseEvidence {
    /** Works whose places are kept; beyond that each statement's own are looked up. */
    private static final int MOST = 1_000_000;

    private final Metering metering;
    private final Map<Key, List<Found>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long works;

    CloseEvidence(Metering metering) {
        this.metering = metering;
    }

    private record Key(int close, ContractId contract) {}

    /**
     * What was found for one part.
     *
     * @param ordinals sorted
     * @param positions in the log of the batches that hold the deliveries, beside the ordinals
     * @param indices of the deliveries in those batches
     * @param taken what takes each delivery back; empty where nothing does
     */
    record Found(
            CloseInput.BilledSet part, int[] ordinals, long[] positions, int[] indices, List<Evidence.Place> taken) {

        /** Does something with each of some works. */
        void each(RoaringBitmap works, Each each) {
            for (int i = 0; i < ordinals.length; i++) {
                if (works.contains(ordinals[i])) {
                    Optional<Evidence.Place> back = taken.isEmpty() ? Optional.empty() : Optional.of(taken.get(i));
                    each.found(new Evidence(ordinals[i], new Evidence.Place(positions[i], indices[i]), back));
                }
            }
        }
    }

    /** Is told each piece of evidence found. */
    @FunctionalInterface
    interface Each {
        void found(Evidence evidence);
    }

    /**
     * What was found for the parts of a contract's close.
     *
     * @param parts all of them
     * @param own for each the works asked for; for others there may be no answer
     */
    List<Found> find(
            Handle tx,
            CloseTimes close,
            ContractId contract,
            List<CloseInput.BilledSet> parts,
            List<RoaringBitmap> own) {
        long all = parts.stream()
                .mapToLong(part -> part.works().getLongCardinality())
                .sum();
        if (all > MOST) {
            return search(tx, close, parts, own);
        }
        synchronized (kept) {
            Key key = new Key(close.number(), contract);
            List<Found> known = kept.get(key);
            if (known == null) {
                known = search(
                        tx,
                        close,
                        parts,
                        parts.stream().map(CloseInput.BilledSet::works).toList());
                kept.put(key, known);
                works += all;
                forget(key);
            }
            return known;
        }
    }

    private void forget(Key latest) {
        var each = kept.entrySet().iterator();
        while (works > MOST && each.hasNext()) {
            Map.Entry<Key, List<Found>> eldest = each.next();
            if (!eldest.getKey().equals(latest)) {
                works -= eldest.getValue().stream()
                        .mapToLong(found -> found.ordinals().length)
                        .sum();
                each.remove();
            }
        }
    }

    /** A close with the times between which what it bills was delivered. */
    record CloseTimes(int number, long position, List<Instant> ends) {
        EvidenceQuery wanted(CloseInput.BilledSet part, RoaringBitmap works) {
            // What is withdrawn had been billed by that close, whenever before its end it was delivered.
            Instant from = part.withdrawn() || part.usedIn() == 1 ? Instant.EPOCH : ends.get(part.usedIn() - 2);
            return new EvidenceQuery(part.key(), from, ends.get(part.usedIn() - 1), position, part.withdrawn(), works);
        }
    }

    private List<Found> search(
            Handle tx, CloseTimes close, List<CloseInput.BilledSet> parts, List<RoaringBitmap> works) {
        List<EvidenceQuery> wanted = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            wanted.add(close.wanted(parts.get(i), works.get(i)));
        }
        List<List<Evidence>> answers = metering.evidence(tx, wanted);
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            int expected = wanted.get(i).works().getCardinality();
            if (answers.get(i).size() != expected) {
                throw new IllegalStateException("close " + close.number() + " bills " + expected + " works of "
                        + wanted.get(i).key() + ", receipts are found of "
                        + answers.get(i).size());
            }
            found.add(compact(parts.get(i), answers.get(i)));
        }
        return found;
    }

    private static Found compact(CloseInput.BilledSet part, List<Evidence> evidence) {
        int[] ordinals = new int[evidence.size()];
        long[] positions = new long[evidence.size()];
        int[] indices = new int[evidence.size()];
        List<Evidence.Place> taken = new ArrayList<>();
        for (int i = 0; i < ordinals.length; i++) {
            ordinals[i] = evidence.get(i).ordinal();
            positions[i] = evidence.get(i).delivery().position();
            indices[i] = evidence.get(i).delivery().index();
            evidence.get(i).withdrawnBy().ifPresent(taken::add);
        }
        return new Found(part, ordinals, positions, indices, taken);
    }
}
