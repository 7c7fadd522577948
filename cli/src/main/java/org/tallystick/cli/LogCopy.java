package org.tallystick.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.function.LongConsumer;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.EntryBlobs;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.sdk.LogReader;

/**
 * Copies a platform's log, and what its entries refer to, over HTTP into a folder as a platform keeps them: {@code log} and
 * {@code blobs}. What is there already is not fetched again, so a copy that broke off goes on, and a later one fetches only
 * what is new. The checkpoint is written last. Works are not copied.
 */
final class LogCopy {
    private final LogReader source;
    private final Path folder;
    private final LongConsumer progress;

    /** @param progress told how many entries are copied */
    LogCopy(LogReader source, Path folder, LongConsumer progress) {
        this.source = source;
        this.folder = folder;
        this.progress = progress;
    }

    /** Copies up to the platform's checkpoint; answers how many entries that are. */
    long run(NoteKey key) throws IOException {
        SignedNote note = SignedNote.parse(source.checkpoint().getBytes(StandardCharsets.UTF_8));
        long size = Checkpoint.open(note, key, Ed25519.verifier()).size();
        for (int level = 0; level < TilePath.levels(size); level++) {
            for (TilePath tile : TilePath.covering(level, 0, TilePath.hashesAt(level, size))) {
                fetch(tile);
            }
        }
        try (BlobStore blobs = BlobStore.open(folder.resolve("blobs"))) {
            for (TilePath tile : TilePath.covering(TilePath.ENTRIES, 0, size)) {
                long position = tile.index() * TilePath.FULL;
                for (byte[] entry : EntryBundle.decode(fetch(tile), tile.width())) {
                    fetchBlobs(blobs, position++, entry);
                }
                progress.accept(position);
            }
        }
        put(folder.resolve("log").resolve("checkpoint"), note.encode());
        return size;
    }

    private byte[] fetch(TilePath tile) throws IOException {
        Path file = folder.resolve("log").resolve(tile.toString());
        if (Files.exists(file)) {
            return Files.readAllBytes(file);
        }
        byte[] bytes = source.tile(tile);
        put(file, bytes);
        return bytes;
    }

    private void fetchBlobs(BlobStore blobs, long position, byte[] entry) {
        Set<ContentId> named = EntryBlobs.named(entry, body -> {
            fetch(blobs, position, body);
            return blobs.read(body);
        });
        named.forEach(blob -> fetch(blobs, position, blob));
    }

    /** The store hashes what it takes in, so other bytes than those named are refused. */
    private void fetch(BlobStore blobs, long position, ContentId blob) {
        if (blobs.has(blob)) {
            return;
        }
        try {
            Path draft = Files.createTempFile(folder, ".blob", "");
            try {
                source.blob(position, blob, draft);
                try (var in = Files.newInputStream(draft)) {
                    blobs.put(blob, in);
                }
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Path draft = Files.createTempFile(file.getParent(), ".copy", "");
        Files.write(draft, bytes);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
