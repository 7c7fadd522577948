package org.tallystick.platform.party;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.DidKey;

/** The table of API keys: what cannot come from the log. Written outside the sequencer. */
final class KeyStore {
    private static final String KEY =
            "select k.*, p.role, p.did_key from party.personal_key k" + " join party.party p on p.id = k.party ";

    private KeyStore() {}

    /**
     * The signed request by which a party asked for a key.
     *
     * @param compact of {@link org.tallystick.protocol.sign.SignedRequest}
     * @param body the body it covers
     */
    @SuppressWarnings("ArrayRecordComponent") // moved, never compared
    record Request(String compact, byte[] body) {}

    /**
     * A key's row with what its bearer is.
     *
     * @param request empty where the operator made the key
     * @param signing the party's present signing key; empty for an edge
     */
    record Found(
            KeyRecord record,
            Hash secretHash,
            Principal principal,
            Optional<Request> request,
            Optional<DidKey> signing) {}

    static void insert(
            Handle tx,
            ApiKey key,
            PartyId party,
            boolean bootstrap,
            KeyWish wish,
            Optional<Request> request,
            Instant now) {
        tx.createUpdate("insert into party.personal_key"
                        + " (id, party, secret_hash, bootstrap, issued, name, expires, request, body)"
                        + " values (:id, :party, :hash, :bootstrap, :issued, :name, :expires, :request, :body)")
                .bind("id", key.id())
                .bind("party", party.value())
                .bind("hash", key.secretHash().toBytes())
                .bind("bootstrap", bootstrap)
                .bind("issued", at(now))
                .bind("name", wish.name().orElse(null))
                .bind("expires", wish.expires().map(KeyStore::at).orElse(null))
                .bind("request", request.map(Request::compact).orElse(null))
                .bind("body", request.map(Request::body).orElse(null))
                .execute();
    }

    static Optional<Found> find(Handle tx, String keyId) {
        return tx.select(KEY + "where k.id = ?", keyId)
                .map((row, context) -> found(row))
                .findOne();
    }

    /** A party's keys, the newest first. */
    static List<Found> of(Handle tx, PartyId party) {
        return tx.select(KEY + "where k.party = ? order by k.issued desc, k.id", party.value())
                .map((row, context) -> found(row))
                .list();
    }

    static int countLive(Handle tx, PartyId party, Instant now) {
        return tx.select(
                        "select count(*) from party.personal_key where party = ? and revoked is null"
                                + " and (expires is null or expires > ?)",
                        party.value(),
                        at(now))
                .mapTo(Integer.class)
                .one();
    }

    /** Forgets the keys that ended first, so that a party has no more rows of them than so many. */
    static void forgetEnded(Handle tx, PartyId party, int keep, Instant now) {
        tx.execute(
                "delete from party.personal_key where id in (select id from party.personal_key where party = ?"
                        + " and (revoked is not null or expires <= ?)"
                        + " order by coalesce(revoked, expires) desc offset ?)",
                party.value(),
                at(now),
                keep);
    }

    static int revoke(Handle tx, PartyId party, String keyId, Instant now) {
        return tx.execute(
                "update party.personal_key set revoked = ? where party = ? and id = ? and revoked is null",
                at(now),
                party.value(),
                keyId);
    }

    static int revokeAll(Handle tx, PartyId party, Instant now) {
        return tx.execute(
                "update party.personal_key set revoked = ? where party = ? and revoked is null",
                at(now),
                party.value());
    }

    static void used(Handle tx, String keyId, Instant hour) {
        tx.execute("update party.personal_key set last_used = ? where id = ?", at(hour), keyId);
    }

    static int deleteAll(Handle tx, PartyId party) {
        return tx.execute("delete from party.personal_key where party = ?", party.value());
    }

    static int deleteBootstrap(Handle tx, PartyId party) {
        return tx.execute("delete from party.personal_key where party = ? and bootstrap", party.value());
    }

    // ---- signed requests that were taken

    static int countUsed(Handle tx, PartyId party, Instant now) {
        return tx.select(
                        "select count(*) from party.used_request where party = ? and until > ?", party.value(), at(now))
                .mapTo(Integer.class)
                .one();
    }

    /** Notes a request as taken; false where it had been. */
    static boolean use(Handle tx, PartyId party, String nonce, Instant until) {
        return tx.execute(
                        "insert into party.used_request (party, nonce, until) values (?, ?, ?) on conflict do nothing",
                        party.value(),
                        nonce,
                        at(until))
                == 1;
    }

    static int forgetUsed(Handle tx, Instant endedBefore) {
        return tx.execute("delete from party.used_request where until < ?", at(endedBefore));
    }

    private static Found found(ResultSet row) throws SQLException {
        Principal principal = new Principal(new PartyId(row.getString("party")), Role.parse(row.getString("role")));
        Optional<String> compact = Optional.ofNullable(row.getString("request"));
        Optional<byte[]> body = Optional.ofNullable(row.getBytes("body"));
        return new Found(
                new KeyRecord(
                        row.getString("id"),
                        principal.id(),
                        Optional.ofNullable(row.getString("name")),
                        compact.isPresent(),
                        time(row, "issued").orElseThrow(),
                        time(row, "expires"),
                        time(row, "last_used"),
                        time(row, "revoked")),
                Hash.of(row.getBytes("secret_hash")),
                principal,
                compact.flatMap(text -> body.map(bytes -> new Request(text, bytes))),
                Optional.ofNullable(row.getString("did_key")).map(DidKey::parse));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
