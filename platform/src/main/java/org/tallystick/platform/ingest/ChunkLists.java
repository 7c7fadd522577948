package org.tallystick.platform.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.kernel.PrivateFolder;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.ChunkList;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The chunk hashes of large works, which let an edge send a work while it arrives. Made as the work comes in and kept as
 * signed files beside the blobs; a file that is missing or damaged is made again from the work, so that nothing depends on
 * it. Safe from any thread.
 */
final class ChunkLists {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkLists.class);
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final BlobStore blobs;
    private final Signer platform;
    private final Verifier verifier;

    private ChunkLists(Path folder, BlobStore blobs, Signer platform, Verifier verifier) {
        this.folder = folder;
        this.blobs = blobs;
        this.platform = platform;
        this.verifier = verifier;
    }

    static ChunkLists in(Path folder, BlobStore blobs, Signer platform, Verifier verifier) {
        try {
            return new ChunkLists(PrivateFolder.own(folder), blobs, platform, verifier);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder of chunk hashes cannot be used: " + Reasons.of(e), e);
        }
    }

    /** Hashes chunks as the bytes of an upload pass. */
    static final class Passing extends FilterInputStream {
        private final ChunkList.Hasher hasher = new ChunkList.Hasher();

        Passing(InputStream content) {
            super(content);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                hasher.add(buffer, offset, read);
            }
            return read;
        }

        ChunkList list(ContentId content) {
            return hasher.list(content);
        }
    }

    /** Keeps the list of a work that has just been stored; without it, it is made when it is asked for. */
    void keep(ChunkList list) {
        if (list.bytes() > ChunkList.CHUNK) {
            write(list.content(), Jcs.bytes(list.document(platform)));
        }
    }

    /**
     * The signed list of a work that is stored, as an edge is answered.
     *
     * @throws java.util.NoSuchElementException if it is not stored
     */
    byte[] document(ContentId content) {
        OptionalLong bytes = blobs.size(content);
        try {
            byte[] kept = Files.readAllBytes(file(content));
            ChunkList.verify(
                    Json.parseObject(kept), content, bytes.orElse(0), new DidKey(platform.publicKey()), verifier);
            return kept;
        } catch (NoSuchFileException e) {
            return make(content);
        } catch (IOException | MalformedException e) {
            LOG.warn("the chunk hashes of {} are made again: {}", content, Reasons.of(e));
            return make(content);
        }
    }

    /** Reads the whole work: seconds for each GiB, once. */
    private byte[] make(ContentId content) {
        ChunkList.Hasher hasher = new ChunkList.Hasher();
        try (InputStream in = blobs.open(content)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hasher.add(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the work " + content + " cannot be read: " + Reasons.of(e), e);
        }
        byte[] document = Jcs.bytes(hasher.list(content).document(platform));
        write(content, document);
        return document;
    }

    private void write(ContentId content, byte[] document) {
        Path file = file(content);
        try {
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(folder, "new", ".json");
            Files.write(fresh, document);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("the chunk hashes of {} are not kept: {}", content, Reasons.of(e));
        }
    }

    private Path file(ContentId content) {
        return folder.resolve(content.hex().substring(0, 2)).resolve(content.hex() + ".json");
    }
}
