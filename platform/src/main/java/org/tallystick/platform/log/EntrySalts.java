package org.tallystick.platform.log;

import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.NoteSigner;

/**
 * Puts salt into documents on their way into the log. The hashes of all entries are public, and most bodies are short enough
 * to be guessed ("nothing was used"). A salt follows from a secret and from the entry, so that the same entry at the same
 * time is the same bytes always. Immutable.
 */
final class EntrySalts {
    private static final String PURPOSE = "tallystick/entry-salt/v1";

    private final Hash secret;

    EntrySalts(NoteSigner platform) {
        this.secret = PlatformSecret.of(platform, PURPOSE);
    }

    /** The entry as it goes into the log. Batches hold salts of their own, in each receipt. */
    LogEntry salted(LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return entry;
        }
        Hash unsalted = Sha256.hash(document.encode());
        return new LogEntry.DocumentEntry(
                document.type(),
                document.time(),
                document.body(),
                Optional.of(Salt.of(secret, unsalted.hex()).hex()));
    }
}
