package org.tallystick.platform.metering;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.protocol.codec.Hash;

/** Whose works lie where in a dataset version. A version never changes, so the last few are kept. Safe from any thread. */
final class CreatorRanges {
    private static final int KEPT = 8;

    private final Catalog catalog;
    private final Map<Hash, List<CreatorRange>> versions = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, List<CreatorRange>> eldest) {
            return size() > KEPT;
        }
    };

    CreatorRanges(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Each creator's run of ordinals, in their order; none for a version that is not known yet. */
    List<CreatorRange> of(Handle tx, Hash dataset) {
        synchronized (versions) {
            List<CreatorRange> known = versions.get(dataset);
            if (known != null) {
                return known;
            }
        }
        List<CreatorRange> found = List.copyOf(catalog.ranges(tx, dataset));
        if (!found.isEmpty()) {
            synchronized (versions) {
                versions.put(dataset, found);
            }
        }
        return found;
    }
}
