package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.Batch;
import org.tallystick.protocol.BatchHeader;
import org.tallystick.protocol.ContentId;
import org.tallystick.protocol.DidKey;
import org.tallystick.protocol.EdgeCertificate;
import org.tallystick.protocol.Fields;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.LogEntry;
import org.tallystick.protocol.MalformedException;
import org.tallystick.protocol.Verifier;

/**
 * Walks the whole log and checks every batch as intake did: the bundle's bytes against the header, the root, the edge's
 * signature under a certificate found in the log itself, the chain of headers and the sequence numbers. Used once.
 */
final class BundleCheck {
    private static final int AT_ONCE = 256;

    /** Sees the log go by, each entry after it has been found good. */
    interface Listener {
        /** Comes before each entry, good or not. */
        void before(long position);

        void batch(long position, Batch batch);

        void document(long position, LogEntry.DocumentEntry entry);
    }

    private record Epoch(int edge, int number) {}

    private record Last(long sequence, Hash header) {}

    private final TransparencyLog log;
    private final BlobStore blobs;
    private final DidKey platform;
    private final Verifier verifier;
    private final Listener listener;
    private final Map<Epoch, EdgeCertificate> certificates = new HashMap<>();
    private final Map<Epoch, Last> lasts = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();
    private long batches;
    private long receipts;
    private Optional<ContentId> open = Optional.empty();
    private byte[] bundle = {};

    BundleCheck(TransparencyLog log, BlobStore blobs, DidKey platform, Verifier verifier, Listener listener) {
        this.log = log;
        this.blobs = blobs;
        this.platform = platform;
        this.verifier = verifier;
        this.listener = listener;
    }

    Finding run() {
        long size = log.size();
        for (long from = 0; from < size; from += AT_ONCE) {
            List<byte[]> entries = entries(from, Math.min(size, from + AT_ONCE));
            for (int i = 0; i < entries.size(); i++) {
                entry(from + i, entries.get(i));
            }
        }
        String checked = receipts + " receipts in " + batches + " batches";
        return new Finding("bundles", checked, differences, gaps);
    }

    /** A stretch of the log; where it cannot be read, that is said and the rest goes on. */
    private List<byte[]> entries(long from, long to) {
        try {
            return log.entries(from, to);
        } catch (RuntimeException e) {
            differences.add("log entries " + from + " to " + (to - 1) + " cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    /** Receipts in the batches that were found good. */
    long receipts() {
        return receipts;
    }

    private void entry(long position, byte[] bytes) {
        try {
            listener.before(position);
            switch (LogEntry.decode(bytes, blobs::read)) {
                case LogEntry.BatchEntry batch -> batch(position, batch);
                case LogEntry.DocumentEntry document -> document(position, document);
            }
        } catch (MalformedException e) {
            differences.add("log entry " + position + ": " + e.reason() + ": " + e.detail());
        } catch (RuntimeException e) {
            differences.add("log entry " + position + " cannot be checked: " + e.getMessage());
        }
    }

    private void document(long position, LogEntry.DocumentEntry entry) {
        if (entry.type().equals("edge-certificate")) {
            Fields body = Fields.of(entry.body(), "certificate");
            EdgeCertificate certificate = EdgeCertificate.verify(body.text("certificate"), platform, verifier);
            certificates.put(new Epoch(certificate.edge(), certificate.epoch()), certificate);
        }
        listener.document(position, entry);
    }

    private void batch(long position, LogEntry.BatchEntry entry) {
        BatchHeader header = entry.signed().header();
        Epoch epoch = new Epoch(header.edge(), header.epoch());
        chain(position, epoch, header);
        Batch batch = Batch.decode(bundle(new ContentId(entry.bundle())), Math.toIntExact(entry.offset()));
        if (!batch.signed().equals(entry.signed())) {
            differences.add("log entry " + position + ": the bundle holds another batch than the log says");
            return;
        }
        batch.check();
        EdgeCertificate certificate = Optional.ofNullable(certificates.get(epoch))
                .orElseThrow(() -> new MalformedException(
                        "batch/no-certificate",
                        "no certificate before it for edge " + header.edge() + " epoch " + header.epoch()));
        batch.signed().verify(certificate, verifier);
        batches++;
        receipts += header.count();
        listener.batch(position, batch);
    }

    private void chain(long position, Epoch epoch, BatchHeader header) {
        Last last = lasts.getOrDefault(epoch, new Last(0, BatchHeader.NONE));
        if (!header.previous().equals(last.header())) {
            differences.add("log entry " + position + ": the batch does not follow the edge's previous one");
        }
        if (header.first() <= last.sequence()) {
            differences.add("log entry " + position + ": sequence number " + header.first() + " was used before");
        } else if (header.first() > last.sequence() + 1) {
            gaps.add("edge " + header.edge() + " epoch " + header.epoch() + " lost the numbers " + (last.sequence() + 1)
                    + " to " + (header.first() - 1));
        }
        lasts.put(epoch, new Last(header.last(), header.hash()));
    }

    private byte[] bundle(ContentId id) {
        if (!open.equals(Optional.of(id))) {
            bundle = blobs.read(id);
            open = Optional.of(id);
        }
        return bundle;
    }
}
