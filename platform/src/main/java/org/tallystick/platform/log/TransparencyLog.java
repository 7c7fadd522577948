package org.tallystick.platform.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.InclusionProof;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.CompactRange;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * An append-only log as a directory of tiles (C2SP tlog-tiles) that any web server can publish and tools by others check
 * unmodified. The checkpoint is replaced last: until then the old one stands, and whatever an interrupted append has left
 * beside its tiles counts for nothing. After it, the entries are in the log, whatever happens next.
 *
 * <p>Nothing is signed that was not read back from disk and hashed down to the previous signed root first.
 *
 * <p>Appends exclude one another; reads run beside them from any thread and see the log up to its last checkpoint.
 */
public final class TransparencyLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransparencyLog.class);
    private static final String CHECKPOINT = "checkpoint";

    private final Path root;
    /** Empty for a copy, which nothing is appended to. */
    private final Optional<NoteSigner> signer;

    private final NoteKey key;
    final Optional<EntrySalts> salts;
    private final Verifier verifier;
    private final Disk disk;
    private final WriterLock lock;
    private final DurableDirectory files;
    private final TileWriter writer;
    private final Object grown = new Object();

    private volatile State state;
    private boolean doubtful;
    private volatile boolean closed;

    /** Where the log stands. */
    private record State(Checkpoint checkpoint, SignedNote note, CompactRange edge) {}

    private TransparencyLog(
            Path root, NoteKey key, Optional<NoteSigner> signer, Verifier verifier, Disk disk, WriterLock lock)
            throws IOException {
        this.root = root;
        this.signer = signer;
        this.salts = signer.map(EntrySalts::new);
        this.key = key;
        this.verifier = verifier;
        this.disk = disk;
        this.lock = lock;
        this.files = DurableDirectory.open(disk, root);
        this.writer = new TileWriter(disk, files, root);
        this.state = load();
    }

    /**
     * Opens a log for writing, making an empty one in an empty directory. Repairs what a crash has left.
     *
     * @param root its directory
     * @param signer the log's key; its name is the log's origin
     * @param verifier checks the checkpoint found, and every one made
     * @throws LogDamagedException if checkpoint and tiles do not fit one another or the key
     * @throws LogUnavailableException if the disk fails
     * @throws IllegalStateException if another writer has it open
     */
    public static TransparencyLog open(Path root, NoteSigner signer, Verifier verifier) {
        return open(root, signer, verifier, RealDisk.INSTANCE);
    }

    /** Opens like the method before, through a disk that the caller gives; tests give one that fails. */
    public static TransparencyLog open(Path root, NoteSigner signer, Verifier verifier, Disk disk) {
        return open(root, signer.key(), Optional.of(signer), verifier, disk);
    }

    /**
     * Opens a copy of a log of which only the public key is known. Nothing can be appended to it.
     *
     * @throws LogDamagedException if there is no checkpoint, or checkpoint and tiles do not fit one another or the key
     * @throws LogUnavailableException if the disk fails
     */
    public static TransparencyLog copy(Path root, NoteKey key, Verifier verifier) {
        return open(root, key, Optional.empty(), verifier, RealDisk.INSTANCE);
    }

    private static TransparencyLog open(
            Path root, NoteKey key, Optional<NoteSigner> signer, Verifier verifier, Disk disk) {
        try {
            WriterLock lock = WriterLock.take(root);
            try {
                return new TransparencyLog(root, key, signer, verifier, disk, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LogUnavailableException("the log in " + root + " cannot be opened", e);
        }
    }

    /**
     * Appends entries. They are durable and under a signed checkpoint when this returns.
     *
     * @param entries at least one, each of 1 to {@value EntryBundle#MAX_ENTRY} bytes
     * @return the position of the first
     * @throws LogUnavailableException if the disk fails; the log has not changed, unless it says that this is not certain
     * @throws LogDamagedException if what is on disk is not what was written or signed; nothing was signed
     */
    public synchronized long append(List<byte[]> entries) {
        checkForm(entries);
        signer();
        if (closed) {
            throw new LogUnavailableException("the log is closed");
        }
        if (doubtful) {
            reload();
        }
        State old = state;
        State next;
        try {
            next = prepare(old, entries);
        } catch (IOException e) {
            doubtful = true;
            throw new LogUnavailableException("entries could not be written", e);
        } catch (RuntimeException e) {
            doubtful = true;
            throw e;
        }
        publish(old, next);
        removeReplaced(old, next);
        return old.checkpoint().size();
    }

    private static void checkForm(List<byte[]> entries) {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to append");
        }
        for (byte[] entry : entries) {
            if (entry.length < 1 || entry.length > EntryBundle.MAX_ENTRY) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
            }
        }
    }

    /** Everything before the moment the new checkpoint becomes visible. */
    private State prepare(State old, List<byte[]> entries) throws IOException {
        if (!Arrays.equals(disk.read(root.resolve(CHECKPOINT)), old.note().encode())) {
            throw new LogDamagedException("the checkpoint on disk is not the one last signed here");
        }
        writer.write(old.checkpoint().size(), entries);
        CompactRange edge = writer.readBack(old.edge(), entries);
        Checkpoint checkpoint = new Checkpoint(key.name(), edge.size(), edge.root());
        SignedNote note = checkpoint.sign(signer());
        Checkpoint.open(note, key, verifier);
        return new State(checkpoint, note, edge);
    }

    private void publish(State old, State next) {
        try {
            putCheckpoint(next.note());
        } catch (IOException e) {
            doubtful = true;
            settle(old, e);
        } catch (RuntimeException e) {
            doubtful = true;
            throw e;
        }
        become(next);
    }

    /** Finds out whether a checkpoint whose writing has failed stands nevertheless; returns only if it does, durably. */
    private void settle(State old, IOException failure) {
        try {
            reload();
        } catch (LogUnavailableException e) {
            failure.addSuppressed(e);
            throw new LogUnavailableException("a checkpoint may or may not have been written", failure, true);
        }
        if (state.checkpoint().equals(old.checkpoint())) {
            throw new LogUnavailableException("the checkpoint could not be written", failure);
        }
    }

    private void putCheckpoint(SignedNote note) throws IOException {
        files.put(root.resolve(CHECKPOINT), note.encode());
        files.sync(root);
    }

    private void become(State next) {
        state = next;
        synchronized (grown) {
            grown.notifyAll();
        }
    }

    private void removeReplaced(State old, State next) {
        try {
            writer.removeReplaced(old.checkpoint().size(), next.checkpoint().size());
        } catch (IOException e) {
            LOG.warn(
                    "partial tiles that full ones have replaced could not be removed; they do no harm: {}",
                    e.toString());
        }
    }

    /** Goes back to what is on disk after a failure, if there was one. Throws where the disk still fails. */
    synchronized void reload() {
        if (!doubtful) {
            return;
        }
        try {
            files.distrust();
            State found = load();
            if (found.checkpoint().size() < state.checkpoint().size()) {
                throw new LogDamagedException("the checkpoint on disk is older than one signed here");
            }
            doubtful = false;
            become(found);
        } catch (IOException e) {
            throw new LogUnavailableException("the log cannot be read", e);
        }
    }

    private State load() throws IOException {
        byte[] bytes;
        try {
            bytes = disk.read(root.resolve(CHECKPOINT));
        } catch (NoSuchFileException e) {
            return create();
        }
        State found = check(bytes);
        putCheckpoint(found.note()); // the process before may have died with the rename not yet durable
        writer.removeBeyond(found.checkpoint().size());
        return found;
    }

    private State create() throws IOException {
        if (Files.exists(root.resolve("tile"))) {
            throw new LogDamagedException("there are tiles in " + root + ", but no checkpoint");
        }
        if (signer.isEmpty()) {
            throw new LogDamagedException("there is no checkpoint in " + root);
        }
        Checkpoint empty = new Checkpoint(key.name(), 0, MerkleTree.emptyRoot());
        SignedNote note = empty.sign(signer());
        putCheckpoint(note);
        return new State(empty, note, new CompactRange());
    }

    private State check(byte[] bytes) throws IOException {
        SignedNote note;
        Checkpoint checkpoint;
        try {
            note = SignedNote.parse(bytes);
            checkpoint = Checkpoint.open(note, key, verifier);
        } catch (MalformedException e) {
            throw new LogDamagedException("the checkpoint in " + root + ": " + e.detail(), e);
        }
        TileReader reader = new TileReader(disk, root, checkpoint.size());
        CompactRange edge = reader.edge(checkpoint.size());
        if (!edge.root().equals(checkpoint.root())) {
            throw new LogDamagedException("the tiles in " + root + " do not have the root their checkpoint states");
        }
        if (checkpoint.size() % TilePath.FULL != 0) {
            reader.bundle(checkpoint.size() / TilePath.FULL);
        }
        return new State(checkpoint, note, edge);
    }

    private NoteSigner signer() {
        return signer.orElseThrow(() -> new IllegalStateException("a copy of a log signs nothing"));
    }

    /** The directory, for publishing its files as they are. */
    public Path directory() {
        return root;
    }

    /** The key that verifies the checkpoints. */
    public NoteKey key() {
        return key;
    }

    /** Entries under the last checkpoint. */
    public long size() {
        return state.checkpoint().size();
    }

    /** The last checkpoint, signed. */
    public SignedNote checkpoint() {
        return state.note();
    }

    /**
     * The checkpoint of an earlier size, signed; always the same bytes, and those published then.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= size <= size()}
     * @throws LogDamagedException if the tiles do not lead from it to the last checkpoint
     */
    public SignedNote checkpointAt(long size) {
        return new Checkpoint(key.name(), size, rootAt(size)).sign(signer());
    }

    /** The root over the first entries; as {@link #checkpointAt}. */
    public Hash rootAt(long size) {
        State now = state;
        checkSize(size, now);
        if (size == now.checkpoint().size()) {
            return now.checkpoint().root();
        }
        Hash found = reading(now, reader -> reader.edge(size).root());
        consistency(size, now, found);
        return found;
    }

    /**
     * The proof that the log of one size is a prefix of that of another (RFC 6962), checked before it is given.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= oldSize <= newSize <= size()}
     */
    public List<Hash> consistency(long oldSize, long newSize) {
        State now = state;
        checkSize(newSize, now);
        checkSize(oldSize, now);
        List<Hash> proof = reading(now, reader -> reader.consistency(oldSize, newSize));
        if (!MerkleTree.verifyConsistency(oldSize, newSize, rootAt(oldSize), rootAt(newSize), proof)) {
            throw new LogDamagedException("the tiles give no proof from size " + oldSize + " to " + newSize);
        }
        return proof;
    }

    private void consistency(long size, State now, Hash rootThen) {
        Checkpoint last = now.checkpoint();
        List<Hash> proof = reading(now, reader -> reader.consistency(size, last.size()));
        if (!MerkleTree.verifyConsistency(size, last.size(), rootThen, last.root(), proof)) {
            throw new LogDamagedException("the tiles do not lead from size " + size + " to the last checkpoint");
        }
    }

    /** The proof that the entry at a position is in the log, under the last checkpoint. */
    public InclusionProof inclusion(long position) {
        State now = state;
        return inclusion(position, now, now.checkpoint(), now.note());
    }

    /**
     * The proof that the entry at a position is among the first {@code size}.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= position < size <= size()}
     * @throws LogDamagedException if the tiles do not lead from the entry to the root
     */
    public InclusionProof inclusion(long position, long size) {
        State now = state;
        Checkpoint checkpoint = new Checkpoint(key.name(), size, rootAt(size));
        return inclusion(position, now, checkpoint, checkpoint.sign(signer()));
    }

    private InclusionProof inclusion(long position, State now, Checkpoint checkpoint, SignedNote note) {
        Objects.checkIndex(position, checkpoint.size());
        List<Hash> path = reading(now, reader -> reader.inclusion(position, checkpoint.size()));
        Hash leaf = MerkleTree.leafHash(entry(position));
        if (!MerkleTree.verifyInclusion(leaf, position, checkpoint.size(), path, checkpoint.root())) {
            throw new LogDamagedException("the tiles do not lead from entry " + position + " to the root");
        }
        return new InclusionProof(Optional.empty(), position, path, note);
    }

    /**
     * The proof that entries are among the first {@code size}, all at once.
     *
     * @param positions at least one, each below the size
     * @throws IndexOutOfBoundsException unless {@code size <= size()}
     */
    public List<Hash> multiProof(SortedSet<Long> positions, long size) {
        State now = state;
        checkSize(size, now);
        return reading(now, reader -> reader.multiProof(positions, size));
    }

    /**
     * The bytes of one entry, checked against its leaf hash.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= position < size()}
     * @throws LogDamagedException if it does not fit its leaf hash
     */
    public byte[] entry(long position) {
        return entries(position, Math.addExact(position, 1)).getFirst();
    }

    /**
     * The entries from a position up to another, which is not included. Reads them all at once: ask for a few thousand
     * at most.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= size()}
     */
    public List<byte[]> entries(long from, long to) {
        State now = state;
        Objects.checkFromToIndex(from, to, now.checkpoint().size());
        return reading(now, reader -> {
            List<byte[]> all = new ArrayList<>();
            for (TilePath path : TilePath.covering(TilePath.ENTRIES, from, to)) {
                long first = path.index() * TilePath.FULL;
                List<byte[]> bundle = reader.bundle(path.index());
                all.addAll(bundle.subList((int) Math.max(0, from - first), (int) Math.min(bundle.size(), to - first)));
            }
            return all;
        });
    }

    /**
     * A tile or entry bundle as published; empty for one that no checkpoint covers or whose full tile has replaced it.
     */
    public Optional<byte[]> tile(TilePath path) {
        long hashes = TilePath.hashesAt(path.level(), size());
        if (path.index() > hashes / TilePath.FULL || path.index() * TilePath.FULL + path.width() > hashes) {
            return Optional.empty();
        }
        try {
            return Optional.of(disk.read(root.resolve(path.toString())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LogUnavailableException("a tile cannot be read", e);
        }
    }

    /**
     * Waits until the log is longer than that, or the time is over, or the log is closed.
     *
     * @return the size then
     */
    public long awaitMoreThan(long size, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (grown) {
            for (long left = 1; size() <= size && !closed && left > 0; left = end - System.nanoTime()) {
                grown.wait(Math.clamp(left / 1_000_000, 1, 60_000));
            }
        }
        return size();
    }

    /** Recomputes everything from the entries up and lists what does not fit. Beside a running log, too. */
    public LogFsck.Report verify() {
        return LogFsck.check(root, key, verifier);
    }

    private void checkSize(long size, State now) {
        Objects.checkFromToIndex(0, size, now.checkpoint().size());
    }

    private <T> T reading(State now, Reading<T> reading) {
        try {
            return reading.from(new TileReader(disk, root, now.checkpoint().size()));
        } catch (IOException e) {
            throw new LogUnavailableException("the log cannot be read", e);
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(TileReader reader) throws IOException;
    }

    /** Lets another writer have the directory. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        synchronized (grown) {
            grown.notifyAll();
        }
        try {
            lock.close();
        } catch (IOException e) {
            throw new LogUnavailableException("the log's lock could not be given back", e);
        }
    }
}
