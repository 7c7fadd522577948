package org.tallystick.platform.metering.fold;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Reads batches by their log positions. Folding reads whole bundles, checked against the hash the log has of them;
 * looking at a single batch reads only that, checked against the root in its header. Either way no changed byte is
 * counted. Keeps the last few bundles and entries. Not thread-safe.
 */
public final class BatchReader {
    private static final int ENTRIES_AT_ONCE = 256;
    private static final int KEPT_BUNDLES = 4;
    private static final int KEPT_RUNS = 16;

    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Map<Hash, byte[]> bundles = lru(KEPT_BUNDLES);
    private final Map<Long, List<byte[]>> runs = lru(KEPT_RUNS);

    public BatchReader(TransparencyLog log, BlobStore blobs) {
        this.log = log;
        this.blobs = blobs;
    }

    private static <K, V> Map<K, V> lru(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** The entry at a position if it is a batch of receipts; documents are passed over without being read. */
    public Optional<LogEntry.BatchEntry> entry(long position) {
        long run = position / ENTRIES_AT_ONCE;
        List<byte[]> entries = runs.get(run);
        int index = (int) (position % ENTRIES_AT_ONCE);
        if (entries == null || entries.size() <= index) {
            long from = run * ENTRIES_AT_ONCE;
            entries = log.entries(from, Math.min(log.size(), from + ENTRIES_AT_ONCE));
            runs.put(run, entries);
        }
        byte[] entry = entries.get(index);
        if (entry[0] == '{') { // a document is canonical JSON
            return Optional.empty();
        }
        LogEntry decoded = LogEntry.decode(entry, BatchReader::noBlob);
        return Optional.of((LogEntry.BatchEntry) decoded);
    }

    private static byte[] noBlob(ContentId id) {
        throw new IllegalStateException("a batch names no blob " + id);
    }

    /** The batch that must be at a position. */
    public LogEntry.BatchEntry batchEntry(long position) {
        return entry(position)
                .orElseThrow(() -> new IllegalStateException("log entry " + position + " is no batch of receipts"));
    }

    public BatchHeader header(long position) {
        return batchEntry(position).signed().header();
    }

    /** A batch out of its whole bundle: for reading many, one after another. */
    public Batch inBundle(LogEntry.BatchEntry entry) {
        byte[] bundle = bundles.get(entry.bundle());
        if (bundle == null) {
            bundle = blobs.read(new ContentId(entry.bundle()));
            bundles.put(entry.bundle(), bundle);
        }
        return expected(Batch.decode(bundle, Math.toIntExact(entry.offset())), entry);
    }

    /** A single batch. */
    public Batch single(long position) {
        LogEntry.BatchEntry entry = batchEntry(position);
        byte[] bundle = bundles.get(entry.bundle());
        if (bundle != null) {
            return expected(Batch.decode(bundle, Math.toIntExact(entry.offset())), entry);
        }
        try (InputStream in = blobs.open(new ContentId(entry.bundle()), entry.offset(), entry.length())) {
            Batch batch = expected(Batch.decode(in.readAllBytes(), 0), entry);
            batch.check();
            return batch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Batch expected(Batch batch, LogEntry.BatchEntry entry) {
        if (!batch.signed().equals(entry.signed())) {
            throw new IllegalStateException("the bundle holds another batch than the log says: "
                    + batch.header().first() + " of edge " + batch.header().edge());
        }
        return batch;
    }

    /** The batches from a position up to another, with their positions. */
    List<Positioned> batches(long from, long to) {
        List<Positioned> found = new ArrayList<>();
        for (long position = from; position < to; position++) {
            Optional<LogEntry.BatchEntry> entry = entry(position);
            if (entry.isPresent()) {
                found.add(new Positioned(position, entry.get()));
            }
        }
        return found;
    }

    /** A batch entry and where it stands. */
    record Positioned(long position, LogEntry.BatchEntry entry) {}
}
