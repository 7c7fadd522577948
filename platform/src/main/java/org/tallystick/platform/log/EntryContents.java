package org.tallystick.platform.log;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.ContentId;

/** Follows an entry to the blobs it names and checks them. Batches of one bundle come in a row, so it keeps the last. */
final class EntryContents {
    private final BlobStore blobs;
    private byte[] bundle = new byte[0];
    private ContentId bundleId = ContentId.of(bundle);

    EntryContents(BlobStore blobs) {
        this.blobs = blobs;
    }

    /**
     * @throws MalformedException {@code blob/missing} or {@code blob/changed} where a blob is not what it should be,
     *     {@code entry/other-batch} where the bundle has another batch in that place, or what the entry or the batch are
     *     refused for
     */
    void check(byte[] entry) {
        if (LogEntry.decode(entry, this::read) instanceof LogEntry.BatchEntry batch) {
            ContentId id = new ContentId(batch.bundle());
            if (!id.equals(bundleId)) {
                bundle = read(id);
                bundleId = id;
            }
            Batch found = Batch.decode(bundle, (int) Math.min(batch.offset(), bundle.length));
            if (!Arrays.equals(found.signed().encode(), batch.signed().encode())) {
                throw new MalformedException("entry/other-batch", "the bundle " + id + " has another batch there");
            }
            found.check();
        }
    }

    private byte[] read(ContentId id) {
        try {
            return blobs.read(id);
        } catch (NoSuchElementException e) {
            throw new MalformedException("blob/missing", id + " is not stored");
        } catch (LogDamagedException e) {
            throw new MalformedException("blob/changed", id + " has changed on disk");
        }
    }
}
