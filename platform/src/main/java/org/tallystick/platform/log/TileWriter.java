package org.tallystick.platform.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.tree.CompactRange;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Writes the tiles that an append adds or widens, and reads every one of them back. It never touches a tile that a
 * signed checkpoint already covers: a wider tile is another file. Used by one thread at a time.
 */
final class TileWriter {
    private static final String PARTIALS = ".p";

    private final Disk disk;
    private final DurableDirectory files;
    private final Path root;

    TileWriter(Disk disk, DurableDirectory files, Path root) {
        this.disk = disk;
        this.files = files;
        this.root = root;
    }

    /** Makes durable all tiles that a tree of old size and entries has and a tree of old size has not. */
    void write(long oldSize, List<byte[]> entries) throws IOException {
        TileReader old = new TileReader(disk, root, oldSize);
        Set<Path> directories = new LinkedHashSet<>();
        writeBundles(old, oldSize, entries, directories);
        List<Hash> added = entries.stream().map(MerkleTree::leafHash).toList();
        for (int level = 0; !added.isEmpty(); level++) {
            added = writeLevel(old, level, TilePath.hashesAt(level, oldSize), added, directories);
        }
        for (Path directory : directories) {
            files.sync(directory);
        }
    }

    private void writeBundles(TileReader old, long oldSize, List<byte[]> entries, Set<Path> directories)
            throws IOException {
        List<byte[]> all = new ArrayList<>();
        long first = oldSize - oldSize % TilePath.FULL;
        if (first < oldSize) {
            all.addAll(old.bundle(first / TilePath.FULL));
        }
        all.addAll(entries);
        for (TilePath path : TilePath.covering(TilePath.ENTRIES, oldSize, first + all.size())) {
            int from = (int) (path.index() * TilePath.FULL - first);
            put(path, EntryBundle.encode(all.subList(from, from + path.width())), directories);
        }
    }

    /** Writes one level; answers the hashes it adds to the level above. */
    private List<Hash> writeLevel(TileReader old, int level, long before, List<Hash> added, Set<Path> directories)
            throws IOException {
        long first = before - before % TilePath.FULL;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (first < before) {
            TilePath partial = old.path(level, first / TilePath.FULL);
            all.write(old.tile(partial), 0, partial.width() * Hash.BYTES);
        }
        added.forEach(hash -> all.writeBytes(hash.toBytes()));
        byte[] hashes = all.toByteArray();
        List<Hash> above = new ArrayList<>();
        for (TilePath path : TilePath.covering(level, before, first + hashes.length / Hash.BYTES)) {
            int from = (int) (path.index() * TilePath.FULL - first) * Hash.BYTES;
            byte[] tile = Arrays.copyOfRange(hashes, from, from + path.width() * Hash.BYTES);
            put(path, tile, directories);
            if (path.isFull()) {
                above.add(MerkleTree.rootOfHashes(tile, 0, TilePath.FULL));
            }
        }
        return above;
    }

    private void put(TilePath path, byte[] content, Set<Path> directories) throws IOException {
        Path file = root.resolve(path.toString());
        files.put(file, content);
        directories.add(DurableDirectory.parent(file));
    }

    /**
     * Reads back what {@link #write} wrote and computes from the bytes on disk alone where the tree now stands.
     *
     * @param before the right edge under the last checkpoint
     * @param entries what should be there
     * @return the right edge with the entries
     * @throws LogDamagedException if entries, leaves, tiles and the roots before and after do not fit one another
     */
    CompactRange readBack(CompactRange before, List<byte[]> entries) throws IOException {
        long newSize = before.size() + entries.size();
        TileReader reader = new TileReader(disk, root, newSize);
        CompactRange after = before.copy();
        for (TilePath path : TilePath.covering(TilePath.ENTRIES, before.size(), newSize)) {
            List<byte[]> bundle = reader.bundle(path.index());
            int skip = (int) Math.max(0, before.size() - path.index() * TilePath.FULL);
            for (byte[] entry : bundle.subList(skip, bundle.size())) {
                Hash hash = MerkleTree.leafHash(entry);
                if (!hash.equals(MerkleTree.leafHash(entries.get((int) (after.size() - before.size()))))) {
                    throw new LogDamagedException("entry " + after.size() + " was read back as other bytes");
                }
                after.append(hash);
            }
        }
        if (!reader.edge(before.size()).root().equals(before.root())) {
            throw new LogDamagedException("the tiles read back do not continue the tree of size " + before.size());
        }
        if (!reader.edge(newSize).root().equals(after.root())) {
            throw new LogDamagedException("the tiles read back are not those of the entries up to " + newSize);
        }
        return after;
    }

    /** Removes the partial tiles that the full ones of this size have replaced, going by what the append widened. */
    void removeReplaced(long oldSize, long newSize) throws IOException {
        for (int level = TilePath.ENTRIES; level < TilePath.levels(newSize); level++) {
            long index = TilePath.hashesAt(level, oldSize) / TilePath.FULL;
            if (TilePath.hashesAt(level, newSize) / TilePath.FULL > index) {
                removePartials(new TilePath(level, index, TilePath.FULL), 1);
            }
        }
    }

    /**
     * Removes what an append that never came under a checkpoint has left: tiles wider than this size has them. They would
     * do no harm, but nobody should find hashes in a log that it never signed. From the right, so that a crash leaves no
     * gap beyond which the next attempt would not look.
     */
    void removeBeyond(long size) throws IOException {
        for (int level = TilePath.ENTRIES; level <= TilePath.levels(size) + 1; level++) {
            long hashes = TilePath.hashesAt(level, size);
            long edge = hashes / TilePath.FULL;
            long end = edge;
            while (end == edge || exists(level, end)) {
                end++;
            }
            for (long index = end - 1; index >= edge; index--) {
                TilePath full = new TilePath(level, index, TilePath.FULL);
                disk.delete(root.resolve(full.toString()));
                removePartials(full, index == edge ? (int) (hashes % TilePath.FULL) + 1 : 1);
            }
        }
        files.distrust();
    }

    private boolean exists(int level, long index) {
        TilePath full = new TilePath(level, index, TilePath.FULL);
        return Files.exists(root.resolve(full.toString())) || Files.exists(root.resolve(full + PARTIALS));
    }

    /** Removes the partial tiles of a place from a width on. */
    private void removePartials(TilePath full, int fromWidth) throws IOException {
        Path directory = root.resolve(full + PARTIALS);
        boolean kept = false;
        for (Path partial : disk.list(directory)) {
            String name = DurableDirectory.name(partial);
            if (name.matches("[0-9]{1,3}") && Integer.parseInt(name) >= fromWidth) {
                disk.delete(partial);
            } else {
                kept = true;
            }
        }
        if (!kept) {
            disk.delete(directory);
        }
    }
}
