package org.tallystick.platform.metering;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.metering.fold.BatchReader;
import org.tallystick.platform.metering.fold.Ordinals;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.BundlePacker;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Packs bundles whose receipts are counted, one after another in the order of the log. Nothing hangs on it but room on
 * disk: it remembers nothing, begins at the first bundle after every start and passes over those that are packed. Used
 * by one thread at a time.
 */
final class Packer {
    /** A packed bundle that is not this many times smaller is not worth it. */
    private static final int WORTH = 2;

    private static final int KEPT_TOKENS = 4096;

    private final Database database;
    private final BlobStore blobs;
    private final StoredFoldInputs.Rooms rooms;
    private final BatchReader reader;
    private final Map<Hash, Hash> lists = new HashMap<>();
    private final Map<TokenId, Hash> datasets = new HashMap<>();
    private Optional<StoredFoldInputs> world = Optional.empty();
    private Optional<Hash> last = Optional.empty();
    private long position;

    /** @param reader its own */
    Packer(Database database, BlobStore blobs, StoredFoldInputs.Rooms rooms, BatchReader reader) {
        this.database = database;
        this.blobs = blobs;
        this.rooms = rooms;
        this.reader = reader;
    }

    /** Packs the next bundle before a log position; answers whether there was one. */
    boolean next(long to) {
        while (position < to) {
            Optional<Hash> bundle = reader.entry(position).map(LogEntry.BatchEntry::bundle);
            if (bundle.isPresent() && !bundle.equals(last) && !blobs.isPacked(new ContentId(bundle.get()))) {
                pack(new ContentId(bundle.get()));
                last = bundle;
                return true;
            }
            position++;
        }
        return false;
    }

    private void pack(ContentId id) {
        byte[] bundle = blobs.read(id);
        byte[] form = database.read(tx -> {
            StoredFoldInputs current = world.map(before -> before.in(tx))
                    .orElseGet(() -> new StoredFoldInputs(rooms, reader, StoredFoldInputs.Memory.NONE, tx));
            world = Optional.of(current);
            return BundlePacker.pack(bundle, token -> works(current, token));
        });
        if (form.length <= bundle.length / WORTH) {
            blobs.pack(id, form);
        }
    }

    private Optional<BundlePacker.Works> works(StoredFoldInputs current, TokenId token) {
        return dataset(current, token).flatMap(dataset -> {
            Ordinals ordinals = current.ordinals(dataset);
            return ordinals.size() == 0
                    ? Optional.empty()
                    : Optional.of(new BundlePacker.Works(list(dataset, ordinals), ordinals::find));
        });
    }

    /** What a token grants never changes; that nobody was granted it may. */
    private Optional<Hash> dataset(StoredFoldInputs current, TokenId token) {
        Optional<Hash> found = Optional.ofNullable(datasets.get(token))
                .or(() -> current.grant(token).map(granted -> granted.grant().dataset()));
        if (datasets.size() >= KEPT_TOKENS) {
            datasets.clear();
        }
        found.ifPresent(dataset -> datasets.put(token, dataset));
        return found;
    }

    /** Stores the content ids of a dataset version where whoever unpacks will look for them. */
    private Hash list(Hash dataset, Ordinals ordinals) {
        return lists.computeIfAbsent(
                dataset, root -> blobs.put(ordinals.contents()).id().hash());
    }
}
