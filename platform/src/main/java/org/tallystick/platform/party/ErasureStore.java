package org.tallystick.platform.party;

import java.time.Instant;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;

/** What an erasure removes from this room's personal tables. */
final class ErasureStore {
    private ErasureStore() {}

    static int countKeys(Handle tx, PartyId party) {
        return tx.select("select count(*) from party.personal_key where party = ?", party.value())
                .mapTo(Integer.class)
                .one();
    }

    /** Removes the display name that a party has now, and the API keys issued to it up to that moment. */
    static void erase(Handle tx, PartyId party, Instant until) {
        tx.execute(
                "delete from party.personal_profile where hash = (select profile_hash from party.party where id = ?)",
                party.value());
        tx.execute(
                "delete from party.personal_key where party = ? and issued <= ?",
                party.value(),
                until.atOffset(ZoneOffset.UTC));
    }

    /** Puts another display name in the place of the one before, which is removed. */
    static void rename(Handle tx, PartyId party, byte[] profile) {
        tx.execute(
                "delete from party.personal_profile where hash = (select profile_hash from party.party where id = ?)",
                party.value());
        tx.execute("update party.party set profile_hash = ? where id = ?", profile, party.value());
    }
}
