package org.tallystick.platform.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.PackedBundle;

/**
 * Bytes under their own hash: works, bundles of receipts, long documents. Storing the same bytes twice stores them once,
 * so every writer may simply repeat. What {@code put} has returned is on disk. Nothing is ever changed or removed.
 *
 * <p>A file lies at {@code ab/abcd…}, by the first hexadecimal digits of its SHA-256; a bundle of receipts may lie packed
 * at {@code ab/abcd….pack} instead, which nobody who asks for it by its hash notices. Safe from any thread; one
 * process writes a directory at a time.
 */
public final class BlobStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlobStore.class);
    private static final int CHUNK = 1 << 16;

    private final Path root;
    private final Disk disk;
    private final WriterLock lock;
    private final DurableDirectory files;
    private final PackedBlobs packed;

    private BlobStore(Path root, Disk disk, WriterLock lock) throws IOException {
        this.root = root;
        this.disk = disk;
        this.lock = lock;
        this.files = DurableDirectory.open(disk, root);
        this.packed = new PackedBlobs(root, disk, this::read);
    }

    /**
     * What was stored.
     *
     * @param bytes its length
     * @param existed whether it had been stored before
     */
    public record Stored(ContentId id, long bytes, boolean existed) {}

    /**
     * Opens a store for reading and writing, making an empty one in an empty directory.
     *
     * @throws LogUnavailableException if the disk fails
     * @throws IllegalStateException if another writer has it open
     */
    public static BlobStore open(Path root) {
        return open(root, RealDisk.INSTANCE);
    }

    /** Opens like {@link #open(Path)}, through a disk that the caller gives; tests give one that fails. */
    public static BlobStore open(Path root, Disk disk) {
        try {
            WriterLock lock = WriterLock.take(root);
            try {
                return new BlobStore(root, disk, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LogUnavailableException("the blobs in " + root + " cannot be opened", e);
        }
    }

    /** Stores these bytes. */
    public Stored put(byte[] content) {
        ContentId id = ContentId.of(content);
        try {
            if (isStored(id, content.length)) {
                files.sync(DurableDirectory.parent(fileOf(id)));
                return new Stored(id, content.length, true);
            }
            return write(id, content);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Stored write(ContentId id, byte[] content) throws IOException {
        Path file = files.temporaryFile();
        try {
            try (Disk.Sink sink = disk.create(file)) {
                sink.write(content, 0, content.length);
                sink.sync();
            }
            if (!Arrays.equals(disk.read(file), content)) {
                throw new LogUnavailableException(id + " was read back as other bytes than were written");
            }
            return keep(file, id, content.length);
        } catch (IOException | RuntimeException e) {
            giveUp(file);
            throw e;
        }
    }

    /**
     * Stores all that the stream gives, in constant memory. The stream is not closed.
     *
     * @throws LogUnavailableException if the disk or the stream fails; nothing is stored
     */
    public Stored put(InputStream content) {
        try {
            return receive(content, id -> {});
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Stores all that the stream gives if it is what it should be.
     *
     * @throws MalformedException {@code blob/other-content} if it is not; nothing is stored
     */
    public Stored put(ContentId expected, InputStream content) {
        try {
            return receive(content, found -> {
                if (!found.equals(expected)) {
                    throw new MalformedException(
                            "blob/other-content", "the bytes received are " + found + ", not " + expected);
                }
            });
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Stored receive(InputStream content, Consumer<ContentId> check) throws IOException {
        Path file = files.temporaryFile();
        try {
            MessageDigest digest = Sha256.newDigest();
            long bytes = 0;
            try (Disk.Sink sink = disk.create(file)) {
                byte[] chunk = new byte[CHUNK];
                for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
                    digest.update(chunk, 0, read);
                    sink.write(chunk, 0, read);
                    bytes += read;
                }
                sink.sync();
            }
            ContentId id = new ContentId(Hash.of(digest.digest()));
            check.accept(id);
            return keep(file, id, bytes);
        } catch (IOException | RuntimeException e) {
            giveUp(file);
            throw e;
        }
    }

    private void giveUp(Path file) {
        files.distrust();
        discard(file);
    }

    private Stored keep(Path file, ContentId id, long bytes) throws IOException {
        Path target = fileOf(id);
        boolean existed = isStored(id, bytes);
        if (existed) {
            disk.delete(file);
        } else {
            files.move(file, target);
        }
        files.sync(DurableDirectory.parent(target));
        return new Stored(id, bytes, existed);
    }

    private boolean isStored(ContentId id, long bytes) throws IOException {
        OptionalLong found = size(id);
        if (found.isPresent() && found.getAsLong() != bytes) {
            LOG.warn("{} has {} bytes on disk where it should have {}; it is replaced", id, found.getAsLong(), bytes);
        }
        return found.isPresent() && found.getAsLong() == bytes;
    }

    private void discard(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            LOG.warn("{} is left over until the next start", file, e);
        }
    }

    /** Whether these bytes are stored. */
    public boolean has(ContentId id) {
        return size(id).isPresent();
    }

    /** The length of what is stored, if it is. */
    public OptionalLong size(ContentId id) {
        try {
            return OptionalLong.of(Files.size(fileOf(id)));
        } catch (NoSuchFileException e) {
            return packed.size(id);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * All bytes, checked against their hash.
     *
     * @throws NoSuchElementException if they are not stored
     * @throws LogDamagedException if they have changed on disk
     */
    public byte[] read(ContentId id) {
        byte[] content;
        try {
            content = disk.read(fileOf(id));
        } catch (NoSuchFileException e) {
            content = packed.read(id).orElseThrow(() -> missing(id, e));
        } catch (IOException e) {
            throw failed(e);
        }
        if (!ContentId.of(content).equals(id)) {
            throw new LogDamagedException(id + " has changed on disk");
        }
        return content;
    }

    /** Whether a bundle lies here packed. */
    public boolean isPacked(ContentId id) {
        return packed.has(id);
    }

    /**
     * Keeps a bundle that is stored in fewer bytes from now on. It stays readable all the while, whatever fails.
     *
     * @param form its {@link PackedBundle}; the lists it names are stored
     * @throws IllegalArgumentException if that does not give back the bundle
     * @throws LogUnavailableException if the disk fails; repeating is safe
     */
    public void pack(ContentId id, byte[] form) {
        if (!ContentId.of(packed.unpack(form)).equals(id)) {
            throw new IllegalArgumentException("the packed form does not give back " + id);
        }
        Path file = files.temporaryFile();
        try {
            try (Disk.Sink sink = disk.create(file)) {
                sink.write(form, 0, form.length);
                sink.sync();
            }
            if (!Arrays.equals(disk.read(file), form)) {
                throw new LogUnavailableException("the packed form of " + id + " was read back as other bytes");
            }
            Path target = packed.fileOf(id);
            files.move(file, target);
            files.sync(DurableDirectory.parent(target));
            disk.delete(fileOf(id));
        } catch (IOException e) {
            giveUp(file);
            throw failed(e);
        } catch (RuntimeException e) {
            giveUp(file);
            throw e;
        }
    }

    /**
     * A stream of a range, to be closed by the caller; not checked against the hash.
     *
     * @throws NoSuchElementException if the bytes are not stored
     * @throws IndexOutOfBoundsException if the range is not within them
     */
    public InputStream open(ContentId id, long from, long length) {
        try {
            FileChannel channel = FileChannel.open(fileOf(id), StandardOpenOption.READ);
            try {
                Objects.checkFromIndexSize(from, length, channel.size());
                channel.position(from);
                return new RangeStream(Channels.newInputStream(channel), length);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            return packed.open(id, from, length).orElseThrow(() -> missing(id, e));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** A stream of all bytes; as {@link #open(ContentId, long, long)}. */
    public InputStream open(ContentId id) {
        return open(id, 0, size(id).orElseThrow(() -> missing(id, new NoSuchFileException(id.toString()))));
    }

    /** Calls with every id stored, in order. */
    public void forEach(Consumer<ContentId> each) {
        filesIn(new ArrayList<>()).stream().map(BlobStore::idOf).distinct().forEach(each);
    }

    /** Hashes everything stored and lists what does not fit its name, and files that are no blobs. */
    public List<LogDifference> verify() {
        List<LogDifference> differences = new ArrayList<>();
        for (Path file : filesIn(differences)) {
            String name = root.relativize(file).toString();
            try {
                String found = PackedBlobs.isPacked(file) ? unpackedHash(file) : hash(file);
                if (!found.equals(idOf(file).hex())) {
                    differences.add(new LogDifference(name, "blob/changed", "the bytes hash to " + found));
                }
            } catch (LogDamagedException e) {
                differences.add(new LogDifference(name, "blob/changed", Reasons.of(e)));
            } catch (IOException e) {
                differences.add(new LogDifference(name, "blob/unreadable", Reasons.of(e)));
            }
        }
        return differences;
    }

    private String unpackedHash(Path file) throws IOException {
        return ContentId.of(packed.unpack(disk.read(file))).hex();
    }

    private static String hash(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = Sha256.newDigest();
            byte[] chunk = new byte[CHUNK];
            for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
                digest.update(chunk, 0, read);
            }
            return Hash.of(digest.digest()).hex();
        }
    }

    private static ContentId idOf(Path file) {
        return ContentId.parse("sha256:" + PackedBlobs.hex(file));
    }

    private List<Path> filesIn(List<LogDifference> strays) {
        List<Path> found = new ArrayList<>();
        try {
            for (Path first : disk.list(root)) {
                if (!DurableDirectory.name(first).startsWith(".")) {
                    found.addAll(disk.list(first));
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
        List<Path> blobs = new ArrayList<>();
        for (Path file : found) {
            boolean named = PackedBlobs.hex(file).matches("[0-9a-f]{64}");
            if (named
                    && (fileOf(idOf(file)).equals(file)
                            || packed.fileOf(idOf(file)).equals(file))) {
                blobs.add(file);
            } else {
                strays.add(new LogDifference(root.relativize(file).toString(), "blob/stray", "this is no blob"));
            }
        }
        return blobs;
    }

    private Path fileOf(ContentId id) {
        String hex = id.hex();
        return root.resolve(hex.substring(0, 2)).resolve(hex);
    }

    private LogUnavailableException failed(IOException e) {
        return new LogUnavailableException("the blobs in " + root + " cannot be read or written", e);
    }

    private static NoSuchElementException missing(ContentId id, IOException e) {
        return new NoSuchElementException(id + " is not stored", e);
    }

    /** Releases the directory to another writer. Idempotent. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
