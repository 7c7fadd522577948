package org.tallystick.platform.delivery;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.SignedHeader;

/** Tables of what edges have shipped. */
final class IntakeStore {
    /** For batches one after another: note the gap before them, extend their shipment, move the epoch on. */
    private static final String ADD = "with s as (select next_sequence from delivery.stream"
            + " where edge = :edge and epoch = :epoch),"
            + " g as (insert into delivery.gap (edge, epoch, first_sequence, last_sequence, position)"
            + " select :edge, :epoch, s.next_sequence, :first - 1, :position from s where s.next_sequence < :first),"
            + " b as (insert into delivery.shipment"
            + " (bundle, edge, epoch, first_sequence, last_sequence, position, batches)"
            + " values (:bundle, :edge, :epoch, :first, :last, :position, :batches) on conflict (bundle) do update"
            + " set last_sequence = excluded.last_sequence, batches = shipment.batches + excluded.batches)"
            + " update delivery.stream set next_sequence = :last + 1, last_header = :header"
            + " where edge = :edge and epoch = :epoch and next_sequence <= :first";

    private IntakeStore() {}

    /**
     * How far an epoch has come.
     *
     * @param next the next sequence number expected
     * @param lastHeader hash of the last batch header taken in, or {@link BatchHeader#NONE}
     */
    record Progress(long next, Hash lastHeader) {}

    /** A run of batches in one bundle; see table {@code shipment}. */
    record Shipment(Hash bundle, long first, long last, long position, int batches) {}

    static void begin(Handle tx, int edge, int epoch) {
        tx.createUpdate("insert into delivery.stream (edge, epoch, next_sequence, last_header)"
                        + " values (:edge, :epoch, 1, :none)")
                .bind("edge", edge)
                .bind("epoch", epoch)
                .bind("none", BatchHeader.NONE.toBytes())
                .execute();
    }

    static Optional<Progress> progress(Handle tx, int edge, int epoch) {
        return tx.select(
                        "select next_sequence, last_header from delivery.stream where edge = ? and epoch = ?",
                        edge,
                        epoch)
                .map((row, context) -> new Progress(row.getLong("next_sequence"), Hash.of(row.getBytes("last_header"))))
                .findOne();
    }

    /** Whether a batch goes on from another in the same bundle, with no number between them. */
    static boolean together(LogEntry.BatchEntry before, LogEntry.BatchEntry entry) {
        BatchHeader last = before.signed().header();
        BatchHeader next = entry.signed().header();
        return entry.bundle().equals(before.bundle())
                && next.edge() == last.edge()
                && next.epoch() == last.epoch()
                && next.first() == last.last() + 1;
    }

    /** @param batches at least one, all {@link #together} */
    static void add(Handle tx, long position, List<LogEntry.BatchEntry> batches) {
        BatchHeader first = batches.getFirst().signed().header();
        BatchHeader last = batches.getLast().signed().header();
        int moved = tx.createUpdate(ADD)
                .bind("edge", first.edge())
                .bind("epoch", first.epoch())
                .bind("first", first.first())
                .bind("last", last.last())
                .bind("position", position)
                .bind("bundle", batches.getFirst().bundle().toBytes())
                .bind("batches", batches.size())
                .bind("header", last.hash().toBytes())
                .execute();
        if (moved != 1) {
            throw new IllegalStateException("batch " + first.first() + " of edge " + first.edge() + " epoch "
                    + first.epoch() + " does not follow what is recorded");
        }
    }

    /** The shipment with the first batch that ends at or after a sequence number. */
    static Optional<Shipment> shipmentFrom(Handle tx, int edge, int epoch, long sequence) {
        return tx.createQuery("select bundle, first_sequence, last_sequence, position, batches from delivery.shipment"
                        + " where edge = :edge and epoch = :epoch and last_sequence >= :sequence"
                        + " order by last_sequence limit 1")
                .bind("edge", edge)
                .bind("epoch", epoch)
                .bind("sequence", sequence)
                .map((row, context) -> new Shipment(
                        Hash.of(row.getBytes("bundle")),
                        row.getLong("first_sequence"),
                        row.getLong("last_sequence"),
                        row.getLong("position"),
                        row.getInt("batches")))
                .findOne();
    }

    static List<Gap> gaps(Handle tx) {
        return tx.select("select * from delivery.gap order by edge, epoch, first_sequence")
                .map((row, context) -> new Gap(
                        row.getInt("edge"),
                        row.getInt("epoch"),
                        row.getLong("first_sequence"),
                        row.getLong("last_sequence"),
                        row.getLong("position")))
                .list();
    }

    static List<Equivocation> equivocations(Handle tx) {
        return tx.select("select position, recorded, presented from delivery.equivocation order by position")
                .map((row, context) -> new Equivocation(
                        row.getLong("position"),
                        SignedHeader.decode(row.getBytes("recorded"), 0),
                        SignedHeader.decode(row.getBytes("presented"), 0)))
                .list();
    }

    static int equivocationsOf(Handle tx, int edge, int epoch) {
        return tx.select("select count(*) from delivery.equivocation where edge = ? and epoch = ?", edge, epoch)
                .mapTo(Integer.class)
                .one();
    }

    static boolean isKept(Handle tx, SignedHeader presented) {
        return tx.createQuery("select count(*) from delivery.equivocation"
                                + " where edge = :edge and epoch = :epoch and presented = :presented")
                        .bind("edge", presented.header().edge())
                        .bind("epoch", presented.header().epoch())
                        .bind("presented", presented.encode())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    static void insertEquivocation(Handle tx, Equivocation found) {
        tx.createUpdate("insert into delivery.equivocation (position, edge, epoch, recorded, presented)"
                        + " values (:position, :edge, :epoch, :recorded, :presented)")
                .bind("position", found.position())
                .bind("edge", found.presented().header().edge())
                .bind("epoch", found.presented().header().epoch())
                .bind("recorded", found.recorded().encode())
                .bind("presented", found.presented().encode())
                .execute();
    }
}
