package org.tallystick.platform.log;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.SaltedText;

/** The table of words, which the log cannot give back. Other rooms read it through the function {@code log.words}. */
final class WordsStore {
    private static final String KEPT = "select position, member, owner, salt, words from log.personal_words ";

    private WordsStore() {}

    static void insert(Handle tx, List<Words> words, Instant now) {
        PreparedBatch batch = tx.prepareBatch("insert into log.personal_words (commitment, salt, words, owner, created)"
                + " values (:commitment, :salt, :words, :owner, :created)");
        words.forEach(one -> batch.bind("commitment", one.salted().commitment().toBytes())
                .bind("salt", one.salted().salt())
                .bind("words", one.text())
                .bind("owner", one.owner().value())
                .bind("created", now.atOffset(ZoneOffset.UTC))
                .add());
        batch.execute();
    }

    /** Removes words to which no entry has come to commit. */
    static int deleteUnplaced(Handle tx, List<Words> words) {
        return tx.createUpdate("delete from log.personal_words where position is null and commitment in"
                        + " (select decode(hex, 'hex') from unnest(:commitments) c (hex))")
                .bindArray("commitments", String.class, (Object[]) words.stream()
                        .map(one -> one.salted().commitment().hex())
                        .toArray(String[]::new))
                .execute();
    }

    static int deleteOrphans(Handle tx, Instant createdBefore) {
        return tx.execute(
                "delete from log.personal_words where position is null and created < ?",
                createdBefore.atOffset(ZoneOffset.UTC));
    }

    static void place(Handle tx, Hash commitment, long position, String member) {
        tx.execute(
                "update log.personal_words set position = ?, member = ? where commitment = ? and position is null",
                position,
                member,
                commitment.toBytes());
    }

    static void eraseOf(Handle tx, PartyId owner, long before) {
        tx.execute("delete from log.personal_words where owner = ? and position < ?", owner.value(), before);
    }

    static void eraseAt(Handle tx, long position, String member) {
        tx.execute("delete from log.personal_words where position = ? and member = ?", position, member);
    }

    static long count(Handle tx, PartyId owner) {
        return tx.select(
                        "select count(*) from log.personal_words where owner = ? and position is not null",
                        owner.value())
                .mapTo(Long.class)
                .one();
    }

    static Optional<KeptWords> find(Handle tx, long position, String member) {
        return tx.select(KEPT + "where position = ? and member = ?", position, member)
                .map((row, context) -> kept(row))
                .findOne();
    }

    static List<KeptWords> between(Handle tx, long from, long to) {
        return tx.select(KEPT + "where position >= ? and position < ?", from, to)
                .map((row, context) -> kept(row))
                .list();
    }

    /** Words of a party in the order of their places, after one. */
    static List<KeptWords> of(Handle tx, PartyId owner, long position, String member, int limit) {
        return tx.select(
                        KEPT + "where owner = ? and (position, member) > (?, ?) order by position, member limit ?",
                        owner.value(),
                        position,
                        member,
                        limit)
                .map((row, context) -> kept(row))
                .list();
    }

    private static KeptWords kept(ResultSet row) throws SQLException {
        return new KeptWords(
                row.getLong("position"),
                row.getString("member"),
                new PartyId(row.getString("owner")),
                new SaltedText(row.getString("salt"), row.getString("words")));
    }
}
