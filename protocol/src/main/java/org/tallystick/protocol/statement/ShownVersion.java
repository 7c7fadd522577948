package org.tallystick.protocol.statement;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * What the members shown prove of a dataset version, whose members are sorted by creator.
 *
 * @param size members it has; proven only where {@code sized}
 * @param sized whether the members at the corners of its tree are shown, which prove the size
 * @param creators of the works shown
 * @param byOrdinal creator of each member shown
 */
record ShownVersion(long size, boolean sized, Map<ContentId, String> creators, SortedMap<Long, String> byOrdinal) {

    /** @throws MalformedException {@code evidence/members} where they do not lead to the version's root */
    static ShownVersion of(StatementEvidence.Version version) {
        LinkedHashMap<Long, Hash> leaves = new LinkedHashMap<>();
        Map<ContentId, String> creators = new HashMap<>();
        SortedMap<Long, String> byOrdinal = new TreeMap<>();
        version.members().forEach((ordinal, member) -> {
            leaves.put(ordinal, MerkleTree.leafHash(Jcs.bytes(member)));
            Fields fields = Fields.of(member, "member");
            String creator = fields.text("creator_id");
            creators.put(ContentId.parse(fields.text("content_id")), creator);
            byOrdinal.put(ordinal, creator);
        });
        if (!MultiProof.root(version.size(), leaves, version.hashes()).equals(version.root())) {
            throw new MalformedException(
                    "evidence/members", "the members do not lead to the root of the dataset version");
        }
        boolean sized = leaves.keySet().containsAll(MultiProof.corners(version.size()));
        return new ShownVersion(version.size(), sized, creators, byOrdinal);
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
