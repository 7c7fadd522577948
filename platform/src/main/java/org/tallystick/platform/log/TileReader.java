package org.tallystick.platform.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.tree.CompactRange;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Hashes, proofs and entries out of the tiles of a log of a given size. Reads only tiles that a checkpoint of that size
 * covers, and accepts the full tile where a partial one is gone. Immutable, safe from any thread.
 */
final class TileReader {
    private static final int TILE_BITS = 8;

    private final Disk disk;
    private final Path root;
    private final long size;

    TileReader(Disk disk, Path root, long size) {
        this.disk = disk;
        this.root = root;
        this.size = size;
    }

    /** The tile of a level and index as wide as this size makes it. */
    TilePath path(int level, long index) {
        long hashes = TilePath.hashesAt(level, size) - index * TilePath.FULL;
        return new TilePath(level, index, (int) Math.min(TilePath.FULL, hashes));
    }

    /** The bytes of a tile, exactly as wide as asked for. */
    byte[] tile(TilePath path) throws IOException {
        byte[] bytes = read(path);
        int wanted = path.width() * Hash.BYTES;
        if (bytes.length != wanted && bytes.length != TilePath.FULL * Hash.BYTES) {
            throw new LogDamagedException(path + " has " + bytes.length + " bytes");
        }
        return bytes;
    }

    /** The entries of a bundle, each checked against its leaf hash in the tile of level 0. */
    List<byte[]> bundle(long index) throws IOException {
        TilePath path = path(TilePath.ENTRIES, index);
        List<byte[]> entries = decode(path);
        byte[] leaves = tile(path(0, index));
        for (int i = 0; i < path.width(); i++) {
            if (!MerkleTree.leafHash(entries.get(i)).isAt(leaves, i * Hash.BYTES)) {
                throw new LogDamagedException("entry " + (index * TilePath.FULL + i) + " in " + path
                        + " does not hash to its leaf in the tree");
            }
        }
        return entries;
    }

    private List<byte[]> decode(TilePath path) throws IOException {
        try {
            return EntryBundle.decodeFirst(read(path), path.width());
        } catch (MalformedException e) {
            throw new LogDamagedException(path + ": " + e.detail(), e);
        }
    }

    private byte[] read(TilePath path) throws IOException {
        try {
            return disk.read(root.resolve(path.toString()));
        } catch (NoSuchFileException e) {
            if (path.isFull()) {
                throw missing(path, e);
            }
        }
        try {
            return disk.read(root.resolve(path.full().toString()));
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        }
    }

    private static LogDamagedException missing(TilePath path, NoSuchFileException e) {
        return new LogDamagedException(path + " is missing", e);
    }

    /** The root of the perfect subtree number {@code index} of height {@code height}. */
    Hash node(int height, long index) throws IOException {
        int level = height / TILE_BITS;
        int inTile = height % TILE_BITS;
        long first = index << inTile;
        byte[] tile = tile(path(level, first / TilePath.FULL));
        return MerkleTree.rootOfHashes(tile, (int) (first % TilePath.FULL) * Hash.BYTES, 1 << inTile);
    }

    /** The right edge of the tree over the first {@code treeSize} leaves. */
    CompactRange edge(long treeSize) throws IOException {
        List<Hash> nodes = new ArrayList<>();
        long at = 0;
        for (int height = 62; height >= 0; height--) {
            if ((treeSize >> height & 1) == 1) {
                nodes.add(node(height, at >> height));
                at += 1L << height;
            }
        }
        return CompactRange.of(treeSize, nodes);
    }

    /** The path from a leaf to the root of the tree over the first {@code treeSize} leaves. */
    List<Hash> inclusion(long index, long treeSize) throws IOException {
        Objects.checkIndex(index, treeSize);
        List<Hash> path = new ArrayList<>();
        inclusion(index, 0, treeSize, path);
        return List.copyOf(path);
    }

    private void inclusion(long index, long from, long to, List<Hash> path) throws IOException {
        if (to - from == 1) {
            return;
        }
        long middle = from + Long.highestOneBit(to - from - 1);
        if (index < middle) {
            inclusion(index, from, middle, path);
            path.add(subtree(middle, to));
        } else {
            inclusion(index, middle, to, path);
            path.add(subtree(from, middle));
        }
    }

    /** The nodes that show the tree over the first {@code oldSize} leaves to be a prefix of that over {@code newSize}. */
    List<Hash> consistency(long oldSize, long newSize) throws IOException {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IndexOutOfBoundsException("no proof leads from size " + oldSize + " to " + newSize);
        }
        List<Hash> proof = new ArrayList<>();
        if (oldSize > 0 && oldSize < newSize) {
            consistency(oldSize, 0, newSize, true, proof);
        }
        return List.copyOf(proof);
    }

    private void consistency(long old, long from, long to, boolean whole, List<Hash> proof) throws IOException {
        if (old == to) {
            if (!whole) {
                proof.add(subtree(from, to));
            }
            return;
        }
        long middle = from + Long.highestOneBit(to - from - 1);
        if (old <= middle) {
            consistency(old, from, middle, whole, proof);
            proof.add(subtree(middle, to));
        } else {
            consistency(old, middle, to, false, proof);
            proof.add(subtree(from, middle));
        }
    }

    /** The hashes that prove many leaves of the tree over the first {@code treeSize} at once. */
    List<Hash> multiProof(SortedSet<Long> indices, long treeSize) throws IOException {
        try {
            return MultiProof.prove(treeSize, indices, (from, to) -> {
                try {
                    return subtree(from, to);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw new IOException("the log's tiles cannot be read", e);
        }
    }

    /** The root over a range that begins where a subtree of at least its length does. */
    private Hash subtree(long from, long to) throws IOException {
        long width = to - from;
        if (Long.bitCount(width) == 1) {
            int height = Long.numberOfTrailingZeros(width);
            return node(height, from >> height);
        }
        long middle = from + Long.highestOneBit(width);
        return MerkleTree.nodeHash(subtree(from, middle), subtree(middle, to));
    }
}
