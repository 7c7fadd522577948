package org.tallystick.platform.metering;

import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.platform.metering.fold.Bitmaps64;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.Ranges;

/**
 * An epoch as its row holds it. What is empty but for the first and the last two has no bytes, so that rows from before cuts
 * were known keep their checksums.
 */
@SuppressWarnings("ArrayRecordComponent") // goes to the database or comes from it, and is compared by its checksum
record EpochRow(byte[] seen, byte[] voided, byte[] kept, byte[] waiting, byte[] positions) {
    static EpochRow of(FoldedEpoch epoch) {
        FoldedEpoch.Outcomes outcomes = epoch.outcomes();
        ByteBuffer waiting =
                ByteBuffer.allocate(2 * Long.BYTES * outcomes.waiting().size());
        outcomes.waiting()
                .forEach((sequence, bytes) -> waiting.putLong(sequence).putLong(bytes));
        return new EpochRow(
                epoch.seen().encode(),
                Bitmaps64.encode(outcomes.voided()),
                outcomes.kept().isEmpty() ? new byte[0] : Bitmaps64.encode(outcomes.kept()),
                waiting.array(),
                Bitmaps64.encode(epoch.positions()));
    }

    FoldedEpoch epoch(int edge, int epoch) {
        NavigableMap<Long, Long> later = new TreeMap<>();
        for (ByteBuffer in = ByteBuffer.wrap(waiting); in.hasRemaining(); ) {
            later.put(in.getLong(), in.getLong());
        }
        Roaring64NavigableMap standing = kept.length == 0 ? new Roaring64NavigableMap() : Bitmaps64.decode(kept);
        return new FoldedEpoch(
                edge,
                epoch,
                Ranges.decode(seen),
                new FoldedEpoch.Outcomes(Bitmaps64.decode(voided), standing, later),
                Bitmaps64.decode(positions));
    }

    byte[] checksum(int edge, int epoch) {
        byte[] number = ByteBuffer.allocate(8).putInt(edge).putInt(epoch).array();
        return kept.length + waiting.length == 0
                ? MeteringStore.digest(number, seen, voided, positions)
                : MeteringStore.digest(number, seen, voided, kept, waiting, positions);
    }
}
