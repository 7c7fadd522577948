package org.tallystick.platform.party;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.sign.DidKey;

/** The table that the log can give back. */
final class PartyStore {
    private static final String PARTY = "select p.id, p.role, p.did_key, p.registered, f.display_name"
            + " from party.party p left join party.personal_profile f on f.hash = p.profile_hash ";

    private PartyStore() {}

    static Optional<Party> find(Handle tx, PartyId id) {
        return tx.select(PARTY + "where p.id = ?", id.value())
                .map((row, context) -> party(row))
                .findOne();
    }

    /** Parties by id, after one. */
    static List<Party> list(Handle tx, Optional<Role> role, Optional<PartyId> after, int limit) {
        return tx.createQuery(PARTY
                        + "where (:role::text is null or p.role = :role) and p.id > :after order by p.id limit :limit")
                .bind("role", role.map(Role::text).orElse(null))
                .bind("after", after.map(PartyId::value).orElse(""))
                .bind("limit", limit)
                .map((row, context) -> party(row))
                .list();
    }

    /** Log positions of all entries by which the party has or had a signing key, ascending. */
    static List<Long> keyPositions(Handle tx, PartyId id) {
        return tx.select("select position from party.key_entry where party = ? order by position", id.value())
                .mapTo(Long.class)
                .list();
    }

    static Optional<byte[]> profileHash(Handle tx, PartyId id) {
        return tx.select("select profile_hash from party.party where id = ? and profile_hash is not null", id.value())
                .mapTo(byte[].class)
                .findOne();
    }

    static void insert(
            Handle tx,
            PartyId id,
            Role role,
            Optional<DidKey> key,
            Optional<Hash> profile,
            Instant registered,
            long position) {
        tx.createUpdate("insert into party.party (id, role, did_key, profile_hash, registered, position)"
                        + " values (:id, :role, :key, :profile, :registered, :position)")
                .bind("id", id.value())
                .bind("role", role.text())
                .bind("key", key.map(DidKey::toString).orElse(null))
                .bind("profile", profile.map(Hash::toBytes).orElse(null))
                .bind("registered", registered.atOffset(ZoneOffset.UTC))
                .bind("position", position)
                .execute();
    }

    static void replaceKey(Handle tx, PartyId id, DidKey key, long position) {
        tx.execute("update party.party set did_key = ? where id = ?", key.toString(), id.value());
        insertKeyEntry(tx, id, position);
    }

    static void insertKeyEntry(Handle tx, PartyId id, long position) {
        tx.execute("insert into party.key_entry (party, position) values (?, ?)", id.value(), position);
    }

    static void empty(Handle tx) {
        tx.execute("delete from party.key_entry");
        tx.execute("delete from party.party");
    }

    private static Party party(ResultSet row) throws SQLException {
        return new Party(
                new PartyId(row.getString("id")),
                Role.parse(row.getString("role")),
                Optional.ofNullable(row.getString("did_key")).map(DidKey::parse),
                Optional.ofNullable(row.getString("display_name")),
                row.getObject("registered", OffsetDateTime.class).toInstant());
    }
}
