package org.tallystick.platform.log;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.PackedBundle;

/**
 * Bundles that lie packed among the blobs: reads them as if they did not. Whether they still are what they were is for
 * the caller to tell by their hash. Safe from any thread.
 */
final class PackedBlobs {
    private static final String SUFFIX = ".pack";
    private static final int KEPT_LISTS = 4;

    private final Path root;
    private final Disk disk;
    private final Function<ContentId, byte[]> blobs;
    private final Map<Hash, byte[]> lists = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, byte[]> eldest) {
            return size() > KEPT_LISTS;
        }
    };

    /** @param blobs gives the lists that packed bundles name, checked against their hash */
    PackedBlobs(Path root, Disk disk, Function<ContentId, byte[]> blobs) {
        this.root = root;
        this.disk = disk;
        this.blobs = blobs;
    }

    Path fileOf(ContentId id) {
        return root.resolve(id.hex().substring(0, 2)).resolve(id.hex() + SUFFIX);
    }

    static boolean isPacked(Path file) {
        return DurableDirectory.name(file).endsWith(SUFFIX);
    }

    /** The name of a blob's file, packed or not, without what it ends in. */
    static String hex(Path file) {
        String name = DurableDirectory.name(file);
        return isPacked(file) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    boolean has(ContentId id) {
        return Files.exists(fileOf(id));
    }

    /** The length of the bundle, not of what it is packed in. */
    OptionalLong size(ContentId id) {
        try (InputStream in = Files.newInputStream(fileOf(id))) {
            return OptionalLong.of(PackedBundle.lengthOf(in.readNBytes(PackedBundle.HEAD)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (MalformedException e) {
            throw damaged(e);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The bundle, if it lies here. */
    Optional<byte[]> read(ContentId id) {
        return form(id).map(this::unpack);
    }

    /** A range of the bundle, if it lies here; unpacks the batches it touches. */
    Optional<InputStream> open(ContentId id, long from, long length) {
        return form(id).map(bytes -> {
            try {
                PackedBundle bundle = PackedBundle.decode(bytes);
                Objects.checkFromIndexSize(from, length, bundle.length());
                byte[] unpacked = bundle.unpack((int) from, (int) (from + length), this::list);
                return new ByteArrayInputStream(unpacked, (int) from, (int) length);
            } catch (MalformedException e) {
                throw damaged(e);
            }
        });
    }

    /** @throws LogDamagedException if the bytes are no packed bundle or name a list that is not stored */
    byte[] unpack(byte[] form) {
        try {
            return PackedBundle.decode(form).unpack(this::list);
        } catch (MalformedException e) {
            throw damaged(e);
        }
    }

    private Optional<byte[]> form(ContentId id) {
        try {
            return Optional.of(disk.read(fileOf(id)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private byte[] list(Hash hash) {
        synchronized (lists) {
            byte[] known = lists.get(hash);
            if (known != null) {
                return known;
            }
        }
        try {
            byte[] list = blobs.apply(new ContentId(hash));
            synchronized (lists) {
                lists.put(hash, list);
            }
            return list;
        } catch (NoSuchElementException e) {
            throw new LogDamagedException("a packed bundle names a list of works that is not stored", e);
        }
    }

    private static LogDamagedException damaged(MalformedException e) {
        return new LogDamagedException("a packed bundle has changed on disk: " + e.detail(), e);
    }

    private LogUnavailableException failed(IOException e) {
        return new LogUnavailableException("the packed bundles in " + root + " cannot be read", e);
    }
}
