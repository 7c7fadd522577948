package org.tallystick.platform.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.CompactRange;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Checks a log directory from its files alone, sharing none of the code that wrote it: every entry against its leaf,
 * every tile against the one below, the right edge against the signed checkpoint. Goes on after a difference, so that
 * one report names every damaged file. Takes no lock and writes nothing.
 */
public final class LogFsck {
    /** Stands for the root of a tile that could not be read, which has been reported already. */
    private static final Hash GONE = Hash.of(new byte[Hash.BYTES]);

    private final Path root;
    private final Optional<EntryContents> contents;
    private final List<LogDifference> differences = new ArrayList<>();
    private final List<String> leftovers = new ArrayList<>();

    private LogFsck(Path root, Optional<EntryContents> contents) {
        this.root = root;
        this.contents = contents;
    }

    /**
     * What was found.
     *
     * @param size entries under the checkpoint; 0 where the checkpoint itself is bad, and the tiles were held against one
     *     another only
     * @param differences none if all is well
     * @param leftovers tiles no checkpoint covers yet: of an append that is under way or was interrupted. They are
     *     harmless, and gone or covered when the log is next written
     */
    public record Report(long size, List<LogDifference> differences, List<String> leftovers) {
        public Report {
            differences = List.copyOf(differences);
            leftovers = List.copyOf(leftovers);
        }

        /** Whether nothing was found. */
        public boolean isClean() {
            return differences.isEmpty();
        }
    }

    /**
     * Checks a log.
     *
     * @throws LogUnavailableException if the directory cannot be read
     */
    public static Report check(Path root, NoteKey key, Verifier verifier) {
        return check(key, verifier, new LogFsck(root, Optional.empty()));
    }

    /**
     * Checks a log and what its entries name: every long document's blob, and every batch in its bundle, down to the
     * leaves under the root the edge has signed. Whether the edge's key was good is not checked here.
     *
     * @throws LogUnavailableException if a directory cannot be read
     */
    public static Report check(Path root, NoteKey key, Verifier verifier, BlobStore blobs) {
        return check(key, verifier, new LogFsck(root, Optional.of(new EntryContents(blobs))));
    }

    private static Report check(NoteKey key, Verifier verifier, LogFsck fsck) {
        try {
            Optional<Checkpoint> checkpoint = fsck.checkpoint(key, verifier);
            fsck.checkTree(
                    checkpoint.isPresent() ? checkpoint.get().size() : fsck.reach(), checkpoint.map(Checkpoint::root));
            return new Report(checkpoint.map(Checkpoint::size).orElse(0L), fsck.differences, fsck.leftovers);
        } catch (IOException e) {
            throw new LogUnavailableException("the log in " + fsck.root + " cannot be read", e);
        }
    }

    private Optional<Checkpoint> checkpoint(NoteKey key, Verifier verifier) throws IOException {
        Path file = root.resolve("checkpoint");
        if (!Files.exists(file)) {
            report("checkpoint", "log/missing", "there is no checkpoint");
            return Optional.empty();
        }
        try {
            return Optional.of(Checkpoint.open(SignedNote.parse(Files.readAllBytes(file)), key, verifier));
        } catch (MalformedException e) {
            report("checkpoint", e.reason(), e.detail());
            return Optional.empty();
        }
    }

    /** How many entries the tiles are for, where no checkpoint says it. */
    private long reach() throws IOException {
        long reach = 0;
        for (Path file : tileFiles()) {
            reach = Math.max(reach, end(root.relativize(file).toString()));
        }
        return reach;
    }

    /** The end of what a tile or bundle covers; 0 for what is none, which is reported as a stray. */
    private static long end(String name) {
        try {
            TilePath path = TilePath.parse(name);
            return path.level() <= 0 ? path.index() * TilePath.FULL + path.width() : 0;
        } catch (MalformedException e) {
            return 0;
        }
    }

    /** @param signed the root the checkpoint states, if there is one to be believed */
    private void checkTree(long size, Optional<Hash> signed) throws IOException {
        CompactRange fromEntries = checkEntries(size);
        List<Hash> below = List.of();
        List<List<Hash>> edges = new ArrayList<>();
        for (int level = 0; level < TilePath.levels(size); level++) {
            Level found = checkLevel(level, size, below);
            below = found.fullTiles();
            edges.add(found.partial());
        }
        signed.ifPresent(expected -> {
            if (fromEntries.size() == size && !fromEntries.root().equals(expected)) {
                report("checkpoint", "log/root", "the entries' root is not the one the checkpoint states");
            }
            rootOfEdges(edges, size).filter(found -> !found.equals(expected)).ifPresent(found -> {
                report("checkpoint", "log/edge", "the right edge of the tiles is not the root the checkpoint states");
            });
        });
        checkStrays(size);
    }

    private List<Path> tileFiles() throws IOException {
        Path tiles = root.resolve("tile");
        if (!Files.exists(tiles)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(tiles)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Every bundle against the leaves of its tile; answers the right edge of all entries that could be read. */
    private CompactRange checkEntries(long size) throws IOException {
        CompactRange all = new CompactRange();
        for (TilePath path : TilePath.covering(TilePath.ENTRIES, 0, size)) {
            List<byte[]> entries = bundle(path);
            byte[] leaves = read(new TilePath(0, path.index(), path.width()), false);
            for (int i = 0; i < entries.size(); i++) {
                Hash hash = MerkleTree.leafHash(entries.get(i));
                all.append(hash);
                if (leaves.length >= (i + 1) * Hash.BYTES && !hash.isAt(leaves, i * Hash.BYTES)) {
                    long position = path.index() * TilePath.FULL + i;
                    report(path.toString(), "log/entry", "entry " + position + " does not hash to its leaf");
                }
                checkContents(path, i, entries.get(i));
            }
        }
        return all;
    }

    private void checkContents(TilePath path, int index, byte[] entry) {
        try {
            contents.ifPresent(reader -> reader.check(entry));
        } catch (MalformedException e) {
            long position = path.index() * TilePath.FULL + index;
            report(path.toString(), e.reason(), "entry " + position + ": " + e.detail());
        }
    }

    private List<byte[]> bundle(TilePath path) throws IOException {
        boolean replaced = isReplaced(path);
        byte[] bytes = read(replaced ? path.full() : path, true);
        try {
            if (replaced) {
                return EntryBundle.decodeFirst(bytes, path.width());
            }
            return bytes.length == 0 ? List.of() : EntryBundle.decode(bytes, path.width());
        } catch (MalformedException e) {
            report(path.toString(), e.reason(), e.detail());
            return List.of();
        }
    }

    /**
     * One level of tiles.
     *
     * @param fullTiles the roots of its full tiles, {@link #GONE} for one that could not be read
     * @param partial the hashes of its partial tile
     */
    private record Level(List<Hash> fullTiles, List<Hash> partial) {}

    private Level checkLevel(int level, long size, List<Hash> below) throws IOException {
        List<Hash> fullTiles = new ArrayList<>();
        List<Hash> partial = new ArrayList<>();
        for (TilePath path : TilePath.covering(level, 0, TilePath.hashesAt(level, size))) {
            byte[] tile = read(path, true);
            boolean whole = tile.length == path.width() * Hash.BYTES;
            if (!whole && tile.length != 0) {
                report(path.toString(), "log/tile-length", "the tile has " + tile.length + " bytes");
            }
            for (int i = 0; whole && level > 0 && i < path.width(); i++) {
                Hash expected = below.get((int) (path.index() * TilePath.FULL) + i);
                if (!expected.equals(GONE) && !expected.isAt(tile, i * Hash.BYTES)) {
                    report(path.toString(), "log/tile", "hash " + i + " is not that of the tile below");
                }
            }
            if (path.isFull()) {
                fullTiles.add(whole ? MerkleTree.rootOfHashes(tile, 0, TilePath.FULL) : GONE);
            }
            for (int i = 0; whole && !path.isFull() && i < path.width(); i++) {
                partial.add(Hash.at(tile, i * Hash.BYTES));
            }
        }
        return new Level(fullTiles, partial);
    }

    /** The root from the partial tiles of all levels, highest first; empty where one of them could not be read. */
    private static Optional<Hash> rootOfEdges(List<List<Hash>> edges, long size) {
        Optional<Hash> root = Optional.empty();
        for (int level = 0; level < edges.size(); level++) {
            List<Hash> edge = edges.get(level);
            if (edge.size() != TilePath.hashesAt(level, size) % TilePath.FULL) {
                return Optional.empty();
            }
            for (int end = edge.size(); end > 0; end &= end - 1) {
                Hash subtree = MerkleTree.root(edge.subList(end & (end - 1), end));
                root = Optional.of(
                        root.map(right -> MerkleTree.nodeHash(subtree, right)).orElse(subtree));
            }
        }
        return root;
    }

    /** Whether the log has grown since the checkpoint was read, and the full tile has replaced this partial one. */
    private boolean isReplaced(TilePath path) {
        return !path.isFull()
                && !Files.exists(root.resolve(path.toString()))
                && Files.exists(root.resolve(path.full().toString()));
    }

    private byte[] read(TilePath path, boolean reporting) throws IOException {
        if (path.level() >= 0 && isReplaced(path)) {
            return Arrays.copyOf(read(path.full(), reporting), path.width() * Hash.BYTES);
        }
        Path file = root.resolve(path.toString());
        if (Files.isRegularFile(file)) {
            return Files.readAllBytes(file);
        }
        if (reporting) {
            report(path.toString(), "log/missing", "the file is missing");
        }
        return new byte[0];
    }

    /** Whatever else lies in the tile directory: partial tiles of earlier sizes must begin as the present ones do. */
    private void checkStrays(long size) throws IOException {
        for (Path file : tileFiles()) {
            String name = root.relativize(file).toString();
            try {
                checkStray(TilePath.parse(name), size);
            } catch (MalformedException e) {
                report(name, "log/stray", "the file is no part of a log");
            }
        }
    }

    private void checkStray(TilePath path, long size) throws IOException {
        long hashes = TilePath.hashesAt(path.level(), size) - path.index() * TilePath.FULL;
        if (hashes < path.width()) {
            leftovers.add(path.toString());
            return;
        }
        byte[] present = read(path.widened((int) Math.min(TilePath.FULL, hashes)), false);
        byte[] earlier = read(path, false);
        if (present.length >= earlier.length
                && !Arrays.equals(present, 0, earlier.length, earlier, 0, earlier.length)) {
            report(path.toString(), "log/tile-history", "the earlier tile does not begin as the present one does");
        }
    }

    private void report(String file, String reason, String detail) {
        differences.add(new LogDifference(file, reason, detail));
    }
}
