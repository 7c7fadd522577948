package org.tallystick.edge.cache;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.ChunkList;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * Asks the platform for the chunk hashes of a large work and takes them only with its signature. A work without them is
 * served all the same, once it is here as a whole. Safe from any thread.
 */
public final class ChunkLists {
    /** Works up to this many bytes arrive soon enough as a whole. */
    static final long LARGE = 8L * ChunkList.CHUNK;

    private static final Logger LOG = LoggerFactory.getLogger(ChunkLists.class);

    private final PlatformClient platform;
    private final Supplier<Optional<DidKey>> platformKey;
    private final Verifier verifier;

    public ChunkLists(PlatformClient platform, Supplier<Optional<DidKey>> platformKey, Verifier verifier) {
        this.platform = platform;
        this.platformKey = platformKey;
        this.verifier = verifier;
    }

    Optional<ChunkList> find(ContentId content, long bytes) {
        Optional<DidKey> key = platformKey.get();
        if (bytes <= LARGE || bytes > ChunkList.MOST_BYTES || key.isEmpty()) {
            return Optional.empty();
        }
        try {
            Json.Obj document = Json.parseObject(platform.chunks(content));
            return Optional.of(ChunkList.verify(document, content, bytes, key.get(), verifier));
        } catch (IOException | MalformedException e) {
            LOG.info("{} is sent once it is here as a whole: {}", content, Reasons.of(e));
            return Optional.empty();
        }
    }
}
