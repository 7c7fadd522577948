package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * Walks the whole log and checks every batch as intake did: the bundle's bytes against the header, the root, the edge's
 * signature under a certificate found in the log itself, the chain of headers and the sequence numbers; and every document:
 * that its type is known and that what a buyer signed in it was signed by the buyer. One object makes one walk.
 */
final class BundleCheck {
    /** Is told of each entry, once the entry has been found good. */
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
    private final EntrySignatures signatures;
    private final Map<Epoch, EdgeCertificate> certificates = new HashMap<>();
    private final Map<Epoch, Last> lasts = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();
    private long batches;
    private long receipts;

    BundleCheck(TransparencyLog log, BlobStore blobs, DidKey platform, Verifier verifier, Listener listener) {
        this.log = log;
        this.blobs = blobs;
        this.platform = platform;
        this.verifier = verifier;
        this.listener = listener;
        this.signatures = new EntrySignatures(verifier);
    }

    Finding run() {
        LogWalk.over(log, blobs, this::step);
        String checked = receipts + " receipts in " + batches + " batches";
        return new Finding("bundles", checked, differences, gaps);
    }

    /** Receipts in the batches that were found good. */
    long receipts() {
        return receipts;
    }

    private void step(LogWalk.Step step) {
        switch (step) {
            case LogWalk.Document(long position, LogEntry.DocumentEntry entry) ->
                entry(position, () -> document(position, entry));
            case LogWalk.Receipts receipts -> entry(receipts.position(), () -> batch(receipts));
            case LogWalk.Undecodable(long position, RuntimeException failure) ->
                entry(position, () -> {
                    throw failure;
                });
            case LogWalk.Unreadable(long from, long to, RuntimeException failure) ->
                differences.add("log entries " + from + " to " + (to - 1) + " cannot be read: " + Reasons.of(failure));
        }
    }

    private void entry(long position, Runnable check) {
        try {
            listener.before(position);
            check.run();
        } catch (MalformedException e) {
            differences.add("log entry " + position + ": " + e.reason() + ": " + e.detail());
        } catch (RuntimeException e) {
            differences.add("log entry " + position + " cannot be checked: " + Reasons.of(e));
        }
    }

    private void document(long position, LogEntry.DocumentEntry entry) {
        EntryTypes.check(entry);
        signatures.document(entry);
        if (entry.type().equals("edge-certificate")) {
            Fields body = Fields.of(entry.body(), "certificate");
            EdgeCertificate certificate = EdgeCertificate.verify(body.text("certificate"), platform, verifier);
            certificates.put(new Epoch(certificate.edge(), certificate.epoch()), certificate);
        }
        listener.document(position, entry);
    }

    private void batch(LogWalk.Receipts found) {
        long position = found.position();
        BatchHeader header = found.entry().signed().header();
        Epoch epoch = new Epoch(header.edge(), header.epoch());
        chain(position, epoch, header);
        Batch batch = found.batch().orElseThrow(() -> found.failure().orElseThrow());
        if (!batch.signed().equals(found.entry().signed())) {
            differences.add("log entry " + position + ": the bundle holds another batch than the log says");
            return;
        }
        found.failure().ifPresent(failure -> {
            throw failure;
        });
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
}
