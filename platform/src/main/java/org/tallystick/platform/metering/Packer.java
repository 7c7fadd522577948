package org.tallystick.platform.metering;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.protocol.BundlePacker;
import org.tallystick.protocol.ContentId;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.LogEntry;
import org.tallystick.protocol.TokenId;

/**
 * Packs bundles whose receipts are counted, one after another in the order of the log. Nothing hangs on it but room on
 * disk: it remembers nothing, begins at the first bundle after every start and passes over those that are packed. Used
 * by one thread at a time.
 */
final class Packer {
    /** A packed bundle that is not this many times smaller is not worth it. */
    private static final int WORTH = 2;

    private final Database database;
    private final BlobStore blobs;
    private final World.Rooms rooms;
    private final BatchReader reader;
    private final Map<Hash, Hash> lists = new HashMap<>();
    private Optional<World> world = Optional.empty();
    private Optional<Hash> last = Optional.empty();
    private long position;

    /** @param reader its own */
    Packer(Database database, BlobStore blobs, World.Rooms rooms, BatchReader reader) {
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
            World current =
                    world.map(known -> known.in(tx)).orElseGet(() -> new World(rooms, reader, World.Memory.NONE, tx));
            world = Optional.of(current);
            return BundlePacker.pack(bundle, token -> works(current, token));
        });
        if (form.length <= bundle.length / WORTH) {
            blobs.pack(id, form);
        }
    }

    private Optional<BundlePacker.Works> works(World current, TokenId token) {
        return current.grant(token).map(granted -> granted.grant().dataset()).flatMap(dataset -> {
            Ordinals ordinals = current.ordinals(dataset);
            return ordinals.size() == 0
                    ? Optional.empty()
                    : Optional.of(new BundlePacker.Works(list(dataset, ordinals), ordinals::find));
        });
    }

    /** Stores the content ids of a dataset version where whoever unpacks will look for them. */
    private Hash list(Hash dataset, Ordinals ordinals) {
        return lists.computeIfAbsent(
                dataset, root -> blobs.put(ordinals.contents()).id().hash());
    }
}
