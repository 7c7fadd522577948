package org.tallystick.platform.log;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;

/** What an entry of the log refers to and does not hold; with these and the entries everything can be counted again. */
public final class EntryBlobs {
    private static final String ORDER = "job-order";

    private EntryBlobs() {}

    /**
     * The blobs an entry names: the bundle of a batch, a body too long for its entry, the table of a job order. Works, which
     * manifests name, are never among them.
     *
     * @param blobs gives the bytes of a body that is one of them; what it throws passes through
     * @throws org.tallystick.protocol.codec.MalformedException as {@link LogEntry#decode}
     */
    public static Set<ContentId> named(byte[] entry, Function<ContentId, byte[]> blobs) {
        Set<ContentId> named =
                new LinkedHashSet<>(LogEntry.blobOf(entry).stream().toList());
        switch (LogEntry.decode(entry, blobs)) {
            case LogEntry.BatchEntry batch -> named.add(new ContentId(batch.bundle()));
            case LogEntry.DocumentEntry document -> {
                if (document.type().equals(ORDER)) {
                    named.add(ContentId.parse(Fields.of(document.body(), ORDER).text("table")));
                }
            }
        }
        return named;
    }
}
