package org.tallystick.protocol.statement;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * What the members shown prove of a dataset version, whose members are sorted by creator.
 *
 * @param size members it has; proven only where {@code sized}
 * @param sized whether the members at the corners of its tree are shown, which prove the size
 * @param creators of the works shown
 * @param ordinals of the works shown
 * @param free bytes of the works shown that cost nothing; none for a work that is not named
 * @param byOrdinal creator of each member shown
 */
record ShownVersion(
        long size,
        boolean sized,
        Map<ContentId, String> creators,
        Map<ContentId, Long> ordinals,
        Map<ContentId, FreeRanges> free,
        SortedMap<Long, String> byOrdinal) {

    /** @throws MalformedException {@code evidence/members} where they do not lead to the version's root */
    static ShownVersion of(StatementEvidence.Version version) {
        LinkedHashMap<Long, Hash> leaves = new LinkedHashMap<>();
        Map<ContentId, String> creators = new HashMap<>();
        Map<ContentId, Long> ordinals = new HashMap<>();
        Map<ContentId, FreeRanges> free = new HashMap<>();
        SortedMap<Long, String> byOrdinal = new TreeMap<>();
        version.members().forEach((ordinal, member) -> {
            leaves.put(ordinal, MerkleTree.leafHash(Jcs.bytes(member)));
            Fields fields = Fields.of(member, "member");
            String creator = fields.text("creator_id");
            ContentId content = ContentId.parse(fields.text("content_id"));
            creators.put(content, creator);
            ordinals.put(content, ordinal);
            free.put(content, FreeRanges.read(fields, "free_ranges"));
            byOrdinal.put(ordinal, creator);
        });
        if (!MultiProof.root(version.size(), leaves, version.hashes()).equals(version.root())) {
            throw new MalformedException(
                    "evidence/members", "the members do not lead to the root of the dataset version");
        }
        boolean sized = leaves.keySet().containsAll(MultiProof.corners(version.size()));
        return new ShownVersion(version.size(), sized, creators, ordinals, free, byOrdinal);
    }

    /**
     * A creator's works in a version, which are one run.
     *
     * @param from first ordinal
     * @param to the one after the last
     */
    record Run(long from, long to) {
        Run(int from, int to) {
            this((long) from, (long) to);
        }
    }

    /**
     * Where a creator's works begin and end: the first and the last are shown, and the members on both sides of them, which are
     * others'; of a creator with no work, two neighbours between whom they would stand. The members at the corners prove that
     * the ordinals are those of the version.
     *
     * @throws MalformedException {@code evidence/own-works} where that is not shown, {@code evidence/order}
     */
    Optional<Run> run(String creator) {
        long from = 0;
        long to = size;
        long first = -1;
        long last = -1;
        String before = "";
        for (Map.Entry<Long, String> member : byOrdinal.entrySet()) {
            String of = member.getValue();
            if (before.compareTo(of) > 0) {
                throw new MalformedException("evidence/order", "the members shown are not sorted by creator");
            }
            before = of;
            int order = of.compareTo(creator);
            if (order < 0) {
                from = member.getKey() + 1;
            } else if (order > 0) {
                to = Math.min(to, member.getKey());
            } else {
                first = first < 0 ? member.getKey() : first;
                last = member.getKey();
            }
        }
        boolean none = first < 0;
        if (!sized || (none ? from != to : from != first || to != last + 1)) {
            throw new MalformedException(
                    "evidence/own-works", "where the works of " + creator + " begin and end is not shown");
        }
        return none ? Optional.empty() : Optional.of(new Run(from, to));
    }

    /** The ordinal of a work shown. */
    long ordinal(ContentId content) {
        return Objects.requireNonNull(ordinals.get(content), "its creator is known from here");
    }

    /** Whether so many bytes handed over of what a delivery promised are a use: not where all of them are free. */
    boolean isUse(Leaf delivery, long handed) {
        return free.getOrDefault(delivery.content(), FreeRanges.NONE)
                .isUse(delivery.form(), delivery.from(), delivery.bytes(), handed);
    }

    /** How many of the works shown a creator has made. */
    long worksOf(String creator) {
        return byOrdinal.values().stream().filter(creator::equals).count();
    }

    /**
     * All works of a creator are shown: they are one run, and so are the members on both sides of it, which are others'. Of
     * a creator with no work, two neighbours between whom they would stand.
     */
    void checkAllShown(String creator) {
        String last = "";
        long next = 0;
        boolean bounded = true;
        for (Map.Entry<Long, String> member : byOrdinal.entrySet()) {
            if (last.compareTo(member.getValue()) > 0) {
                throw new MalformedException("evidence/order", "the members shown are not sorted by creator");
            }
            boolean gap = member.getKey() != next;
            boolean reaches = last.compareTo(creator) <= 0 && member.getValue().compareTo(creator) >= 0;
            bounded &= !gap || !reaches;
            last = member.getValue();
            next = member.getKey() + 1;
        }
        if (!bounded || (next != size && last.compareTo(creator) <= 0)) {
            throw new MalformedException(
                    "evidence/own-works", "that no other work of the version is by " + creator + " is not shown");
        }
    }
}
