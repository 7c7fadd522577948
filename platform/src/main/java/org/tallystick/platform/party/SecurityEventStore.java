package org.tallystick.platform.party;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.tallystick.platform.kernel.PartyId;

/** The table of {@link SecurityEvents}. */
final class SecurityEventStore {
    private SecurityEventStore() {}

    /** What makes events alike. */
    record Key(SecurityEvent.Kind kind, String party, String about, String address, Instant hour) {
        /** What is left of it where there is no room for more different ones. */
        Key blurred() {
            return new Key(kind, "", "more", "", hour);
        }
    }

    /** How often, from when to when. */
    record Count(long times, Instant first, Instant last) {
        Count plus(Count other) {
            return new Count(
                    times + other.times,
                    first.isBefore(other.first) ? first : other.first,
                    last.isAfter(other.last) ? last : other.last);
        }
    }

    static void add(Handle tx, Map<Key, Count> counted) {
        PreparedBatch batch = tx.prepareBatch("""
            insert into party.security_event as e (kind, party, about, address, hour, times, first_at, last_at)
            values (:kind, :party, :about, :address, :hour, :times, :first, :last)
            on conflict (kind, party, about, address, hour) do update
            set times = e.times + excluded.times, last_at = greatest(e.last_at, excluded.last_at)
            """);
        counted.forEach((key, count) -> batch.bind("kind", key.kind().word())
                .bind("party", key.party())
                .bind("about", key.about())
                .bind("address", key.address())
                .bind("hour", at(key.hour()))
                .bind("times", count.times())
                .bind("first", at(count.first()))
                .bind("last", at(count.last()))
                .add());
        batch.execute();
    }

    static void keepNewest(Handle tx, SecurityEvent.Kind kind, int most) {
        tx.execute(
                "delete from party.security_event where id in (select id from party.security_event where kind = ?"
                        + " order by last_at desc, id desc offset ?)",
                kind.word(),
                most);
    }

    static List<SecurityEvent> list(
            Handle tx, Optional<SecurityEvent.Kind> kind, Optional<PartyId> party, long before, int limit) {
        return tx.createQuery("""
            select id, kind, party, about, address, times, first_at, last_at from party.security_event
            where id < :before and (:kind::text is null or kind = :kind)
              and (:party::text is null or party = :party)
            order by id desc limit :limit
            """)
                .bind("before", before)
                .bind("kind", kind.map(SecurityEvent.Kind::word).orElse(null))
                .bind("party", party.map(PartyId::value).orElse(null))
                .bind("limit", limit)
                .map((row, context) -> event(row))
                .list();
    }

    private static SecurityEvent event(ResultSet row) throws SQLException {
        return new SecurityEvent(
                row.getLong("id"),
                SecurityEvent.Kind.ofWord(row.getString("kind")),
                row.getString("party"),
                row.getString("about"),
                row.getString("address"),
                row.getLong("times"),
                row.getObject("first_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_at", OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
