package org.tallystick.protocol.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * What anybody does who once saw a checkpoint of a log: sees whether what the log shows now goes on from it. Needs the
 * log's hash tiles and its public key, and nothing of its entries. Used by one thread.
 */
public final class LogHistory {
    private static final int TILE_BITS = 8;

    private final NoteKey log;
    private final Verifier verifier;

    /** @param log the key that signs its checkpoints */
    public LogHistory(NoteKey log, Verifier verifier) {
        this.log = log;
        this.verifier = verifier;
    }

    /** Where tiles of the log come from: its folder, or its server. They are not trusted. */
    @FunctionalInterface
    public interface Tiles {
        /** A tile's bytes; empty where there is none of exactly that width. */
        Optional<byte[]> read(TilePath path);
    }

    /** What a comparison came to. */
    public sealed interface Comparison {
        /**
         * What was seen before is the beginning of what is shown now.
         *
         * @param now what is shown
         */
        record GoesOn(Checkpoint now) implements Comparison {}

        /** The log has signed two histories, and here is the proof. */
        record Forked(ForkProof proof) implements Comparison {}

        /**
         * The log shows fewer entries than it had when it signed what was seen before: it has lost some or withholds them.
         * Nothing that is shown now contradicts it yet, so that only the one who holds it knows.
         */
        record FallsShort(Checkpoint before, Checkpoint now) implements Comparison {}
    }

    /**
     * Compares what was seen before with what is shown now.
     *
     * @throws MalformedException {@code note/…} or {@code checkpoint/…} where one is not the log's, {@code log/tiles} where
     *     the tiles are not those the checkpoint shown now signs
     */
    public Comparison compare(SignedNote before, SignedNote now, Tiles tiles) {
        Objects.requireNonNull(tiles);
        Checkpoint old = Checkpoint.open(before, log, verifier);
        Checkpoint shown = Checkpoint.open(now, log, verifier);
        if (shown.size() < old.size()) {
            return new Comparison.FallsShort(old, shown);
        }
        List<Hash> nodes = new ArrayList<>();
        if (old.size() > 0 && old.size() < shown.size()) {
            new Reader(tiles, shown.size()).nodes(old.size(), 0, shown.size(), nodes);
            MerkleTree.Roots roots = MerkleTree.roots(old.size(), shown.size(), nodes);
            if (!roots.newer().equals(shown.root())) {
                throw new MalformedException("log/tiles", "the log's tiles do not come to the root it signs");
            }
            if (roots.older().equals(old.root())) {
                return new Comparison.GoesOn(shown);
            }
        } else if (old.size() == 0 || old.root().equals(shown.root())) {
            return new Comparison.GoesOn(shown);
        }
        return new Comparison.Forked(new ForkProof(before, now, nodes));
    }

    /** Nodes of the tree over so many entries, out of its tiles. */
    private record Reader(Tiles tiles, long size) {

        /** Those that come to the root over the first {@code old} as well as to that over all, of a part of the tree. */
        void nodes(long old, long from, long to, List<Hash> nodes) {
            if (old == to) {
                nodes.add(subtree(from, to));
                return;
            }
            long middle = from + Long.highestOneBit(to - from - 1);
            if (old <= middle) {
                nodes(old, from, middle, nodes);
                nodes.add(subtree(middle, to));
            } else {
                nodes(old, middle, to, nodes);
                nodes.add(subtree(from, middle));
            }
        }

        private Hash subtree(long from, long to) {
            long width = to - from;
            if (Long.bitCount(width) == 1) {
                return node(Long.numberOfTrailingZeros(width), from);
            }
            long middle = from + Long.highestOneBit(width);
            return MerkleTree.nodeHash(subtree(from, middle), subtree(middle, to));
        }

        /** The root of a perfect subtree, which lies in one tile. */
        private Hash node(int height, long from) {
            int level = height / TILE_BITS;
            int inTile = height % TILE_BITS;
            long first = from >> (TILE_BITS * level);
            byte[] tile = tile(level, first / TilePath.FULL);
            return MerkleTree.rootOfHashes(tile, (int) (first % TilePath.FULL) * Hash.BYTES, 1 << inTile);
        }

        private byte[] tile(int level, long index) {
            long hashes = TilePath.hashesAt(level, size) - index * TilePath.FULL;
            TilePath path = new TilePath(level, index, (int) Math.min(TilePath.FULL, hashes));
            byte[] bytes = tiles.read(path)
                    .or(() -> tiles.read(path.full())) // the log may have grown since
                    .orElseThrow(() -> new MalformedException("log/tiles", path + " is missing"));
            if (bytes.length < path.width() * Hash.BYTES) {
                throw new MalformedException("log/tiles", path + " has " + bytes.length + " bytes");
            }
            return bytes;
        }
    }
}
