package org.tallystick.sdk;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.receipt.ContentId;

/** A platform's log, read over HTTP as C2SP tlog-tiles has it. Checks nothing by itself. Safe from any thread. */
public final class LogReader {
    private final Rest rest;

    LogReader(Rest rest) {
        this.rest = rest;
    }

    /** The last checkpoint, the text of a signed note. Anybody may ask. */
    public String checkpoint() {
        return new String(rest.bytes("/log/checkpoint"), StandardCharsets.UTF_8);
    }

    /** A tile. Anybody may ask for hashes; entries are for operators and auditors. */
    public byte[] tile(TilePath tile) {
        return rest.bytes("/log/" + tile);
    }

    /**
     * What an entry refers to and does not hold: the bundle of a batch, a long body, the table of a job order. For operators and
     * auditors.
     *
     * @param position of the entry, from 0
     * @param file where the bytes go; replaced where it is there
     */
    public void blob(long position, ContentId blob, Path file) {
        rest.download("/log/entries/" + position + "/blobs/" + blob, file);
    }
}
