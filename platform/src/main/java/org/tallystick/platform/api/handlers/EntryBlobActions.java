package org.tallystick.platform.api.handlers;

import java.io.InputStream;
import java.util.OptionalLong;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.EntryBlobs;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.receipt.ContentId;

/**
 * What entries of the log refer to and do not hold: bundles of receipts, long bodies, tables of job orders. With these and the
 * entries an auditor counts again without access to the platform's disk. A blob is asked for by the entry that names it, so
 * that works, which lie in the same store, are never among them.
 */
public final class EntryBlobActions {
    private static final String FOREVER = "private, max-age=31536000, immutable";

    private final TransparencyLog log;
    private final BlobStore blobs;

    public EntryBlobActions(TransparencyLog log, BlobStore blobs) {
        this.log = log;
        this.blobs = blobs;
    }

    public void bind(Routes routes) {
        routes.bind("entryBlob", this::blob);
    }

    private Answer blob(Call call) {
        long position = call.path("position", EntryBlobActions::position);
        ContentId content = call.contentInPath();
        if (position >= log.size()
                || !EntryBlobs.named(log.entry(position), blobs::read).contains(content)) {
            throw Refusals.unknown("blob", content).asException();
        }
        OptionalLong size = blobs.size(content);
        if (size.isEmpty()) {
            throw Refusals.unknown("blob", content).asException();
        }
        return Answer.stream(200, "application/octet-stream", size.getAsLong(), out -> {
                    try (InputStream in = blobs.open(content)) {
                        in.transferTo(out);
                    }
                })
                .header("Cache-Control", FOREVER);
    }

    private static long position(String text) {
        if (!text.matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("a position is a whole number from 0");
        }
        return Long.parseLong(text);
    }
}
