package org.tallystick.platform.payout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.Hash;

/** The tables of the room. Stateless. */
final class PayoutStore {
    private static final String PAYOUT = "select id, position, party, rail, currency, schedule, minimum, destination,"
            + " scheduled from payout.instruction ";

    private PayoutStore() {}

    static void insert(Handle tx, Payout payout) {
        tx.createUpdate("insert into payout.instruction"
                        + " (id, position, party, rail, currency, schedule, minimum, destination, scheduled)"
                        + " values (:id, :position, :party, :rail, :currency, :schedule, :minimum, :destination,"
                        + " :scheduled)")
                .bind("id", payout.id())
                .bind("position", payout.position())
                .bind("party", payout.party().value())
                .bind("rail", payout.rail())
                .bind("currency", payout.currency().code())
                .bind("schedule", payout.schedule().word())
                .bindByType("minimum", payout.minimum().map(Money::micros), new GenericType<Optional<Long>>() {})
                .bind("destination", payout.destination().toBytes())
                .bind("scheduled", payout.scheduled().atOffset(ZoneOffset.UTC))
                .execute();
    }

    /** The instruction that holds for a currency. */
    static Optional<Payout> latest(Handle tx, PartyId party, Currency currency) {
        return tx.select(
                        PAYOUT + "where party = ? and currency = ? order by position desc limit 1",
                        party.value(),
                        currency.code())
                .map((row, context) -> payout(row))
                .findOne();
    }

    /** Newest first. */
    static List<Payout> list(Handle tx, Optional<PartyId> party, long before, int limit) {
        return tx.createQuery(PAYOUT + "where (:party = '' or party = :party) and position < :before"
                        + " order by position desc limit :limit")
                .bind("party", party.map(PartyId::value).orElse(""))
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> payout(row))
                .list();
    }

    static void insertDestination(Handle tx, Destination destination, Instant now) {
        tx.createUpdate("insert into payout.personal_destination (hash, salt, destination, created)"
                        + " values (:hash, :salt, :destination, :created)")
                .bind("hash", destination.hash().toBytes())
                .bind("salt", destination.salt())
                .bind("destination", destination.text())
                .bind("created", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    static Optional<String> destination(Handle tx, Hash hash) {
        return tx.select("select destination from payout.personal_destination where hash = ?", (Object) hash.toBytes())
                .mapTo(String.class)
                .findOne();
    }

    static int deleteDestination(Handle tx, Hash hash) {
        return tx.execute("delete from payout.personal_destination where hash = ?", (Object) hash.toBytes());
    }

    /** Those written before a moment that no instruction refers to: left over from a crash. */
    static int deleteOrphans(Handle tx, Instant before) {
        return tx.createUpdate("delete from payout.personal_destination d where created < :before and not exists"
                        + " (select from payout.instruction i where i.destination = d.hash)")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .execute();
    }

    static int deleteDestinations(Handle tx, PartyId party) {
        return tx.createUpdate("delete from payout.personal_destination d using payout.instruction i"
                        + " where i.destination = d.hash and i.party = :party")
                .bind("party", party.value())
                .execute();
    }

    /** Empties what the log gives back. */
    static void empty(Handle tx) {
        tx.execute("truncate payout.instruction");
    }

    private static Payout payout(ResultSet row) throws SQLException {
        Currency currency = Currency.of(row.getString("currency"));
        long micros = row.getLong("minimum");
        Optional<Money> minimum = row.wasNull() ? Optional.empty() : Optional.of(Money.ofMicros(currency, micros));
        return new Payout(
                row.getString("id"),
                row.getLong("position"),
                new PartyId(row.getString("party")),
                row.getString("rail"),
                currency,
                Schedule.parse(row.getString("schedule")),
                minimum,
                Hash.of(row.getBytes("destination")),
                row.getObject("scheduled", OffsetDateTime.class).toInstant());
    }
}
