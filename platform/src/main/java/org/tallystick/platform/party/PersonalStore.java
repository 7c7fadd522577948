package org.tallystick.platform.party;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;

/** The tables the log cannot give back: profiles and hashes of API keys. Written outside the sequencer. */
final class PersonalStore {
    private PersonalStore() {}

    /** A key's row with what its bearer is. */
    record Found(byte[] secretHash, Principal principal) {}

    static void insertProfile(Handle tx, Profile profile, Instant now) {
        tx.createUpdate("insert into party.personal_profile (hash, salt, display_name, created)"
                        + " values (:hash, :salt, :name, :created)")
                .bind("hash", profile.hash().toBytes())
                .bind("salt", profile.salt())
                .bind("name", profile.displayName())
                .bind("created", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    static int deleteProfile(Handle tx, Hash hash) {
        return tx.execute("delete from party.personal_profile where hash = ?", (Object) hash.toBytes());
    }

    /** Removes profiles of registrations that never came to be, once nobody can be waiting for them. */
    static int deleteOrphans(Handle tx, Instant createdBefore) {
        return tx.createUpdate("delete from party.personal_profile f where created < :before"
                        + " and not exists (select from party.party p where p.profile_hash = f.hash)")
                .bind("before", createdBefore.atOffset(ZoneOffset.UTC))
                .execute();
    }

    static void insertKey(Handle tx, ApiKey key, PartyId party, boolean bootstrap, Instant now) {
        tx.createUpdate("insert into party.personal_key (id, party, secret_hash, bootstrap, issued)"
                        + " values (:id, :party, :hash, :bootstrap, :issued)")
                .bind("id", key.id())
                .bind("party", party.value())
                .bind("hash", key.secretHash())
                .bind("bootstrap", bootstrap)
                .bind("issued", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    static int countKeys(Handle tx, PartyId party) {
        return tx.select("select count(*) from party.personal_key where party = ?", party.value())
                .mapTo(Integer.class)
                .one();
    }

    static Optional<Found> findKey(Handle tx, String keyId) {
        return tx.select(
                        "select k.secret_hash, k.party, p.role from party.personal_key k"
                                + " join party.party p on p.id = k.party where k.id = ?",
                        keyId)
                .map((row, context) -> new Found(
                        row.getBytes("secret_hash"),
                        new Principal(new PartyId(row.getString("party")), Role.parse(row.getString("role")))))
                .findOne();
    }

    static int deleteKeys(Handle tx, PartyId party) {
        return tx.execute("delete from party.personal_key where party = ?", party.value());
    }

    static int deleteBootstrapKeys(Handle tx, PartyId party) {
        return tx.execute("delete from party.personal_key where party = ? and bootstrap", party.value());
    }
}
