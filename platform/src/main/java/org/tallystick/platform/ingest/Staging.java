package org.tallystick.platform.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.PrivateFolder;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;

/**
 * Unfinished uploads on disk: one directory each, with the bytes and a small state file that is replaced as a whole. The
 * offset in the state file is written after the bytes are synced, so what it promises is there after any crash; bytes
 * beyond it are cut off. Safe from any thread, but only one thread may work on one upload at a time: what an {@link
 * UploadTurn} sees to.
 */
final class Staging {
    private static final Logger LOG = LoggerFactory.getLogger(Staging.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CHUNK = 1 << 16;
    private static final String STATE = "state.json";
    private static final String CONTENT = "content";

    private final Path root;
    private final InstantSource clock;
    private final ConcurrentMap<String, StagedUpload> uploads = new ConcurrentHashMap<>();

    private Staging(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    /** Takes up what an earlier process left; what it had not finished beginning is removed. */
    static Staging open(Path root, InstantSource clock) throws IOException {
        Staging staging = new Staging(PrivateFolder.own(root), clock);
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root)) {
            for (Path directory : directories) {
                staging.takeUp(directory);
            }
        }
        return staging;
    }

    private void takeUp(Path directory) throws IOException {
        Path state = directory.resolve(STATE);
        if (Files.exists(state)) {
            try {
                StagedUpload upload = StagedUpload.parse(Files.readAllBytes(state));
                boolean whole = upload.isComplete() || Files.exists(directory.resolve(CONTENT));
                if (whole && directory.equals(root.resolve(upload.id()))) {
                    cutToOffset(upload);
                    uploads.put(upload.id(), upload);
                    return;
                }
            } catch (MalformedException | RefusedException e) {
                LOG.warn("the unfinished upload in {} cannot be read and is given up: {}", directory, Reasons.of(e));
            }
        }
        delete(directory);
    }

    private void cutToOffset(StagedUpload upload) throws IOException {
        if (!upload.isComplete()) {
            try (FileChannel file = FileChannel.open(content(upload.id()), StandardOpenOption.WRITE)) {
                file.truncate(upload.offset());
            }
        }
    }

    Optional<StagedUpload> find(String id) {
        return Optional.ofNullable(uploads.get(id));
    }

    /** How many uploads of a party are not complete. */
    long open(PartyId uploader) {
        return uploads.values().stream()
                .filter(u -> !u.isComplete() && u.uploader().equals(uploader))
                .count();
    }

    StagedUpload begin(PartyId uploader, Json.Obj manifest, Optional<Long> length) throws IOException {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        StagedUpload upload = new StagedUpload(
                "up-" + HexFormat.of().formatHex(random), uploader, manifest, length, 0, now(), Optional.empty());
        Path directory = Files.createDirectory(root.resolve(upload.id()));
        try {
            Files.createFile(directory.resolve(CONTENT));
            save(upload);
            sync(root);
            return upload;
        } catch (IOException e) {
            delete(directory);
            throw e;
        }
    }

    /**
     * Adds what the stream gives. Where the client breaks off, what had come is kept; where it sends too much, nothing
     * of this piece is.
     *
     * @throws RefusedException as the stream does
     */
    StagedUpload append(StagedUpload upload, ClientStream content, UploadTurn turn) throws IOException {
        try (FileChannel file = FileChannel.open(content(upload.id()), StandardOpenOption.WRITE)) {
            turn.step(() -> file.truncate(upload.offset()).position(upload.offset()));
            Optional<RefusedException> refused = copy(content, file, turn);
            return turn.step(() -> {
                if (refused.isPresent() && !IngestProblems.isBrokenOff(refused.get())) {
                    file.truncate(upload.offset());
                    throw refused.get();
                }
                file.force(true);
                StagedUpload reached = save(upload.reached(file.position(), now()));
                if (refused.isPresent()) {
                    throw refused.get();
                }
                return reached;
            });
        }
    }

    /** Why the client's bytes ended before their end, if they did. Each chunk is written within the turn, or not at all. */
    private static Optional<RefusedException> copy(ClientStream content, FileChannel file, UploadTurn turn)
            throws IOException {
        byte[] chunk = new byte[CHUNK];
        while (true) {
            int read;
            try {
                read = content.read(chunk, 0, CHUNK);
            } catch (RefusedException e) {
                return Optional.of(e);
            }
            if (read < 0) {
                return Optional.empty();
            }
            turn.step(() -> write(file, ByteBuffer.wrap(chunk, 0, read)));
        }
    }

    private static int write(FileChannel file, ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        return length;
    }

    /** Makes durable what a request had written when its turn was taken. */
    StagedUpload settle(StagedUpload upload) throws IOException {
        if (upload.isComplete()) {
            return upload;
        }
        try (FileChannel file = FileChannel.open(content(upload.id()), StandardOpenOption.WRITE)) {
            if (file.size() <= upload.offset()) {
                return upload;
            }
            file.force(true);
            return save(upload.reached(file.size(), now()));
        }
    }

    /** The bytes as far as they are durable, to be closed by the caller. */
    InputStream read(StagedUpload upload) throws IOException {
        try (FileChannel file = FileChannel.open(content(upload.id()), StandardOpenOption.WRITE)) {
            file.truncate(upload.offset());
        }
        return Channels.newInputStream(FileChannel.open(content(upload.id()), StandardOpenOption.READ));
    }

    /** Remembers what the upload became and lets go of its bytes. */
    void complete(StagedUpload upload, String manifestId) throws IOException {
        save(upload.completed(manifestId, now()));
        Files.deleteIfExists(content(upload.id()));
    }

    void remove(StagedUpload upload) throws IOException {
        uploads.remove(upload.id());
        delete(root.resolve(upload.id()));
    }

    /** What nobody has touched for so long. */
    List<StagedUpload> abandoned(Duration lifetime) {
        Instant before = now().minus(lifetime);
        return uploads.values().stream()
                .filter(u -> !u.touched().isAfter(before))
                .toList();
    }

    private StagedUpload save(StagedUpload upload) throws IOException {
        Path directory = root.resolve(upload.id());
        Path fresh = directory.resolve(STATE + ".new");
        try (FileChannel file = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(Jcs.bytes(upload.document()));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(fresh, directory.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
        uploads.put(upload.id(), upload);
        return upload;
    }

    private Path content(String id) {
        return root.resolve(id).resolve(CONTENT);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(path);
    }
}
