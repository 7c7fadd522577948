package org.tallystick.platform.api.dispatch;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;

/** SQL of {@link Idempotency}. Not built from the log: a rebuild leaves these rows alone. */
final class IdempotencyStore {
    private IdempotencyStore() {}

    /** An answer as it is kept. */
    @SuppressWarnings("ArrayRecordComponent") // moved, never compared
    record Kept(int status, String type, Optional<String> location, byte[] body) {}

    /**
     * A command noted before.
     *
     * @param kept its answer, unless it was refused or broke off
     */
    record Row(Hash fingerprint, Optional<Kept> kept) {}

    /**
     * Notes a command; the answer is the row that was there before, if one was.
     *
     * @param forgotten what was noted before then counts as never noted
     */
    static Optional<Row> begin(Handle tx, Hash name, PartyId party, Hash fingerprint, Instant now, Instant forgotten) {
        int noted = tx.createUpdate("""
            insert into api.idempotency as known (name, party, fingerprint, begun)
            values (:name, :party, :fingerprint, :begun)
            on conflict (name) do update set fingerprint = excluded.fingerprint, begun = excluded.begun,
                status = null, media_type = null, location = null, body = null
            where known.begun < :forgotten
            """)
                .bind("name", name.toBytes())
                .bind("party", party.value())
                .bind("fingerprint", fingerprint.toBytes())
                .bind("begun", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                .bind("forgotten", OffsetDateTime.ofInstant(forgotten, ZoneOffset.UTC))
                .execute();
        return noted == 1 ? Optional.empty() : Optional.of(find(tx, name));
    }

    /** How many commands of a party are noted. */
    static long count(Handle tx, PartyId party) {
        return tx.select("select count(*) from api.idempotency where party = ?", party.value())
                .mapTo(Long.class)
                .one();
    }

    /** Removes what was noted before a time, the oldest first, at most so many. */
    static int forget(Handle tx, Instant before, int most) {
        return tx.execute(
                "delete from api.idempotency where name in"
                        + " (select name from api.idempotency where begun < ? order by begun limit ?)",
                OffsetDateTime.ofInstant(before, ZoneOffset.UTC),
                most);
    }

    private static Row find(Handle tx, Hash name) {
        return tx.createQuery("""
            select fingerprint, status, media_type, location, body
            from api.idempotency where name = :name
            """)
                .bind("name", name.toBytes())
                .map((row, context) -> new Row(
                        Hash.of(row.getBytes("fingerprint")),
                        Optional.ofNullable(row.getBytes("body")).isPresent()
                                ? Optional.of(new Kept(
                                        row.getInt("status"),
                                        row.getString("media_type"),
                                        Optional.ofNullable(row.getString("location")),
                                        row.getBytes("body")))
                                : Optional.empty()))
                .one();
    }

    /** Forgets what a party was answered; its commands stay noted, and would run again. */
    static int forget(Handle tx, PartyId party) {
        return tx.execute(
                "update api.idempotency set status = null, media_type = null, location = null, body = null"
                        + " where party = ? and body is not null",
                party.value());
    }

    /** Keeps a command's answer. */
    static int keep(Handle tx, Hash name, Kept kept) {
        return tx.createUpdate("""
            update api.idempotency
            set status = :status, media_type = :type, location = :location, body = :body
            where name = :name and body is null
            """)
                .bind("name", name.toBytes())
                .bind("status", kept.status())
                .bind("type", kept.type())
                .bind("location", kept.location().orElse(null))
                .bind("body", kept.body())
                .execute();
    }
}
