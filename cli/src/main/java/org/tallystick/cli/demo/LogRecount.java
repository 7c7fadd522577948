package org.tallystick.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.tree.CompactRange;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.sdk.PlatformKeys;
import org.tallystick.sdk.TallystickClient;

/**
 * Counts all uses again as an outside auditor would: reads the whole log from its tiles, checks it against the signed
 * checkpoint, fetches the bundles it names, and puts every receipt into a plain hash set. Shares no code with the
 * meter, so that an error in one of them shows.
 *
 * @param logSize entries of the log
 * @param deliveries receipts that count as a use
 * @param voided receipts taken back by a later one
 * @param uses distinct uses by contract
 */
record LogRecount(long logSize, long deliveries, long voided, Map<String, Long> uses) {
    private static final String GRANT = "grant";

    LogRecount {
        uses = Map.copyOf(uses);
    }

    long distinctUses() {
        return uses.values().stream().mapToLong(Long::longValue).sum();
    }

    long duplicates() {
        return deliveries - distinctUses();
    }

    /** Reads the whole log and counts the receipts under the named contracts. */
    static LogRecount of(
            TallystickClient anyone, PlatformKeys keys, List<String> contracts, Function<ContentId, byte[]> blobs) {
        SignedNote note = SignedNote.parse(anyone.log().checkpoint().getBytes(StandardCharsets.UTF_8));
        Checkpoint checkpoint = Checkpoint.open(note, NoteKey.parse(keys.vkey()), Ed25519.verifier());
        Counting counting = new Counting(blobs);
        CompactRange tree = new CompactRange();
        for (TilePath tile : TilePath.covering(TilePath.ENTRIES, 0, checkpoint.size())) {
            byte[] bundle = anyone.log().tile(tile);
            for (byte[] entry : EntryBundle.decode(bundle, tile.width())) {
                tree.append(MerkleTree.leafHash(entry));
                counting.read(entry);
            }
        }
        if (!tree.root().equals(checkpoint.root())) {
            throw new WrongSumException("the log's entries do not hash to the root its checkpoint signs");
        }
        return counting.result(checkpoint.size(), Set.copyOf(contracts));
    }

    /** One use, as the contract bills it. */
    private record Use(String contract, String job, String scope, ContentId content) {}

    /** One sequence number of an edge. */
    private record Place(int edge, int epoch, long sequence) {}

    private static final class Counting {
        private final Function<ContentId, byte[]> blobs;
        private final Map<TokenId, Grant> grants = new HashMap<>();
        private final List<Leaf> leaves = new ArrayList<>();
        private final Set<Place> voided = new HashSet<>();
        private final Set<Place> cut = new HashSet<>();
        private final Map<Hash, byte[]> bundles = new HashMap<>();

        Counting(Function<ContentId, byte[]> blobs) {
            this.blobs = blobs;
        }

        void read(byte[] entry) {
            if (LogEntry.blobOf(entry).isPresent()) {
                return; // a document whose body is a blob is longer than any grant
            }
            switch (LogEntry.decode(entry, blobs)) {
                case LogEntry.BatchEntry batch -> read(batch);
                case LogEntry.DocumentEntry document -> {
                    if (document.type().equals(GRANT)) {
                        Grant grant = Grant.ofClaims(document.body());
                        grants.put(grant.tokenId(), grant);
                    }
                }
            }
        }

        private void read(LogEntry.BatchEntry entry) {
            byte[] bundle = bundles.computeIfAbsent(entry.bundle(), hash -> blobs.apply(new ContentId(hash)));
            Batch batch = Batch.decode(bundle, Math.toIntExact(entry.offset()));
            batch.check();
            for (int i = 0; i < batch.header().count(); i++) {
                Leaf leaf = batch.leaf(i);
                if (leaf.refers() > 0) { // no work of the demo has free bytes: whatever was cut is a use
                    (leaf.kind() == LeafKind.VOID ? voided : cut)
                            .add(new Place(leaf.edge(), leaf.epoch(), leaf.refers()));
                }
                if (leaf.kind().meters() && leaf.scope().meters()) {
                    leaves.add(leaf);
                }
            }
        }

        LogRecount result(long logSize, Set<String> contracts) {
            long deliveries = 0;
            long takenBack = 0;
            Set<Use> uses = new HashSet<>();
            for (Leaf leaf : leaves) {
                Grant grant = Optional.ofNullable(grants.get(leaf.token()))
                        .orElseThrow(() -> new WrongSumException(leaf.receiptId() + " names a grant nobody gave"));
                if (!contracts.contains(grant.contract())) {
                    continue; // the grant belongs to an earlier run of the demo
                }
                Place place = new Place(leaf.edge(), leaf.epoch(), leaf.sequence());
                if (voided.contains(place) && !cut.contains(place)) {
                    takenBack++;
                    continue;
                }
                deliveries++;
                uses.add(new Use(grant.contract(), grant.job(), grant.scope().word(), leaf.content()));
            }
            Map<String, Long> byContract = new TreeMap<>();
            uses.forEach(use -> byContract.merge(use.contract(), 1L, Long::sum));
            return new LogRecount(logSize, deliveries, takenBack, byContract);
        }
    }
}
