package org.tallystick.platform.payout;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;

/** SQL of the tables of payout instructions and of their personal destinations. */
final class PayoutStore {
    private static final String COLUMNS =
            "id, party, rail, currency, schedule, minimum_micros, destination_hash, scheduled, position";

    private PayoutStore() {}

    static void insert(Handle tx, Payout payout) {
        tx.createUpdate("insert into payout.instruction (" + COLUMNS + ") values (:id, :party, :rail, :currency,"
                        + " :schedule, :minimum, :destination, :scheduled, :position)")
                .bind("id", payout.id())
                .bind("party", payout.party().value())
                .bind("rail", payout.rail())
                .bind("currency", payout.currency().code())
                .bind("schedule", payout.schedule().word())
                .bind(
                        "minimum",
                        payout.minimum().map(Money::micros).map(BigDecimal::new).orElse(null))
                .bind("destination", payout.destinationHash().toBytes())
                .bind("scheduled", payout.scheduled().atOffset(ZoneOffset.UTC))
                .bind("position", payout.position())
                .execute();
    }

    /** The instruction in force. */
    static Optional<Payout> newest(Handle tx, PartyId party, Currency currency) {
        return tx.createQuery("select " + COLUMNS + " from payout.instruction where party = :party"
                        + " and currency = :currency order by position desc limit 1")
                .bind("party", party.value())
                .bind("currency", currency.code())
                .map((row, context) -> read(row))
                .findOne();
    }

    static List<Payout> list(Handle tx, Optional<PartyId> party, long before, int limit) {
        return tx.createQuery("select " + COLUMNS + " from payout.instruction where position < :before"
                        + " and (:party::text is null or party = :party) order by position desc limit :limit")
                .bind("party", party.map(PartyId::value).orElse(null))
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list();
    }

    private static Payout read(ResultSet row) throws SQLException {
        Currency currency = Currency.of(row.getString("currency"));
        Optional<Money> least = Optional.ofNullable(row.getBigDecimal("minimum_micros"))
                .map(minimum -> Money.ofMicros(currency, minimum.toBigIntegerExact()));
        return new Payout(
                row.getString("id"),
                new PartyId(row.getString("party")),
                row.getString("rail"),
                currency,
                Schedule.ofWord(row.getString("schedule")),
                least,
                Hash.of(row.getBytes("destination_hash")),
                row.getObject("scheduled", OffsetDateTime.class).toInstant(),
                row.getLong("position"));
    }

    static void empty(Handle tx) {
        tx.execute("delete from payout.instruction");
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

    static Optional<Destination> destination(Handle tx, Hash hash) {
        return tx.createQuery("select salt, destination from payout.personal_destination where hash = :hash")
                .bind("hash", hash.toBytes())
                .map((row, context) -> new Destination(row.getBytes("salt"), row.getString("destination")))
                .findOne();
    }

    static int deleteDestination(Handle tx, Hash hash) {
        return tx.execute("delete from payout.personal_destination where hash = ?", (Object) hash.toBytes());
    }

    /** Removes every destination a party has named before a place of the log. */
    static void deleteDestinations(Handle tx, PartyId party, long before) {
        tx.createUpdate("delete from payout.personal_destination d using payout.instruction i"
                        + " where i.destination_hash = d.hash and i.party = :party and i.position < :before")
                .bind("party", party.value())
                .bind("before", before)
                .execute();
    }
}
