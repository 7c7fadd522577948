package org.tallystick.platform.party;

import java.time.Instant;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.codec.Hash;

/** The tables the log cannot give back: profiles. Written outside the sequencer. */
final class PersonalStore {
    private PersonalStore() {}

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
}
