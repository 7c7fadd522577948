package org.tallystick.edge.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tallystick.edge.disk.Disk;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;

/**
 * Whose edge this data directory is and which platform key it trusts. The key is taken at the first contact and kept: a
 * later answer from the same address does not change which key the edge believes. Safe from any thread.
 */
public final class Identity {
    private final Disk disk;
    private final Path file;
    private final int edge;
    private volatile Optional<DidKey> platformKey;

    private Identity(Disk disk, Path file, int edge, Optional<DidKey> platformKey) {
        this.disk = disk;
        this.file = file;
        this.edge = edge;
        this.platformKey = platformKey;
    }

    /**
     * @throws IllegalStateException where the directory belongs to another edge or what it says cannot be read
     */
    public static Identity open(Disk disk, Path file, int edge) throws IOException {
        Optional<Identity> known = read(disk, file);
        if (known.isPresent() && known.get().edge != edge) {
            throw new IllegalStateException(
                    "the data directory belongs to edge " + known.get().edge + ", not to " + edge);
        }
        return known.orElseGet(() -> new Identity(disk, file, edge, Optional.empty()));
    }

    /**
     * Who the directory belongs to, if it says.
     *
     * @throws IllegalStateException where what it says cannot be read
     */
    public static Optional<Identity> read(Disk disk, Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Fields fields = Fields.of(Json.parseObject(Files.readAllBytes(file)), "identity");
            int owner = (int) fields.integer("edge", 1, Integer.MAX_VALUE);
            return Optional.of(new Identity(disk, file, owner, Optional.of(DidKey.parse(fields.text("platform")))));
        } catch (MalformedException e) {
            throw new IllegalStateException(file + " does not say which platform to trust: " + e.detail(), e);
        }
    }

    /** Trusts a key from now on. */
    public void trust(DidKey key) throws IOException {
        disk.replace(
                file,
                Jcs.bytes(Json.object()
                        .put("edge", edge)
                        .put("platform", key.toString())
                        .build()),
                false);
        platformKey = Optional.of(key);
    }

    public int edge() {
        return edge;
    }

    /** The key that signs grants and certificates, once known. */
    public Optional<DidKey> platformKey() {
        return platformKey;
    }
}
