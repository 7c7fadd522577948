package org.tallystick.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.log.LogHistory;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.statement.LogCheck;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.protocol.tree.CompactRange;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * {@code tallystick verify FILE --log} of a statement or invoice: what the file cannot show alone, against the whole log as it
 * is shown now.
 */
final class VerifyPaper {
    private static final String NO_ENTRIES =
            "whether anything else in the log contradicts it: entries are shown to operators and auditors"
                    + " (--key-file), or lie in a copy of the log";

    private final NoteKey key;
    private final VerifyLog history;

    VerifyPaper(NoteKey key, VerifyLog history) {
        this.key = key;
        this.history = history;
    }

    /**
     * Holds a paper against the log.
     *
     * @return empty where its own checkpoint is of another history, which has been said
     * @throws MalformedException {@code log/…} where the log contradicts it
     */
    Optional<LogCheck.Seen> check(Arguments arguments, Path file, PaperVerifier.Verified verified) {
        ShownLog shown = ShownLog.open(arguments.required(VerifyLog.LOG), arguments.value(VerifyLog.KEY_FILE));
        LogHistory.Comparison verdict = history.compare(arguments, file, verified.checkpoint(), shown);
        if (!(verdict instanceof LogHistory.Comparison.GoesOn(Checkpoint now))) {
            return Optional.empty();
        }
        String begins =
                "the log of " + now.size() + " entries begins with the " + verified.size() + " that the file is under";
        if (!shown.entries()) {
            return Optional.of(new LogCheck.Seen(List.of(begins), List.of(), List.of(NO_ENTRIES)));
        }
        LogCheck.Seen seen = read(shown, new LogCheck(verified));
        return Optional.of(new LogCheck.Seen(
                java.util.stream.Stream.concat(java.util.stream.Stream.of(begins), seen.checked().stream())
                        .toList(),
                seen.later(),
                seen.unchecked()));
    }

    /** Tells every entry, and that they are those the checkpoint signs. */
    private LogCheck.Seen read(ShownLog shown, LogCheck check) {
        Checkpoint checkpoint = Checkpoint.open(shown.checkpoint(), key, Ed25519.verifier());
        CompactRange tree = new CompactRange();
        long position = 0;
        for (TilePath tile : TilePath.covering(TilePath.ENTRIES, 0, checkpoint.size())) {
            byte[] bundle = shown.tiles()
                    .read(tile)
                    .orElseThrow(() -> new MalformedException("log/tiles", "the log shows no " + tile));
            for (byte[] entry : EntryBundle.decode(bundle, tile.width())) {
                tree.append(MerkleTree.leafHash(entry));
                tell(shown, check, position++, entry);
            }
        }
        if (!tree.root().equals(checkpoint.root())) {
            throw new MalformedException("log/tiles", "the log's entries do not come to the root it signs");
        }
        return check.finish();
    }

    private static void tell(ShownLog shown, LogCheck check, long position, byte[] entry) {
        LogEntry read;
        try {
            read = LogEntry.decode(entry, id -> shown.blobs().apply(id).orElseThrow());
        } catch (NoSuchElementException e) {
            check.missing(Fields.of(Json.parse(entry), "entry").text("type"));
            return;
        }
        check.entry(position, read);
    }
}
