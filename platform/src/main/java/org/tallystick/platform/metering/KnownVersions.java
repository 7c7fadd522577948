package org.tallystick.platform.metering;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.metering.fold.Ordinals;
import org.tallystick.protocol.codec.Hash;

/**
 * The works of dataset versions looked up lately. A version never changes, so whoever has read one may lend it to all
 * others. Safe from any thread.
 */
final class KnownVersions {
    private static final int KEPT = 64;

    private final Map<Hash, Ordinals> versions = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, Ordinals> eldest) {
            return size() > KEPT;
        }
    };

    synchronized Optional<Ordinals> find(Hash root) {
        return Optional.ofNullable(versions.get(root));
    }

    synchronized void keep(Hash root, Ordinals ordinals) {
        versions.put(root, ordinals);
    }
}
