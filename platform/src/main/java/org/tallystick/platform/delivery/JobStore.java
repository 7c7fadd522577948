package org.tallystick.platform.delivery;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/** Tables of jobs and tokens. */
final class JobStore {
    private static final String JOB =
            "select j.*, c.position as closing_position, c.closed, c.works, c.acknowledgement, coalesce((select"
                    + " bool_and(t.claims like '%\"order\":{%') from delivery.token t where t.job = j.id and t.claims not"
                    + " like '%\"scope\":\"preview\"%'), false) as ordered from delivery.job j left join"
                    + " delivery.job_closing c on c.job = j.id ";
    private static final String TOKEN = "select t.position, t.claims, r.revoked"
            + " from delivery.token t left join delivery.token_revocation r on r.token = t.id ";

    private JobStore() {}

    /** A revoked token, and whether its revocation is the closing of its job. */
    record RevokedToken(TokenId id, boolean byClosing) {}

    static Optional<Job> find(Handle tx, JobId id) {
        return tx.select(JOB + "where j.id = ?", id.value())
                .map((row, context) -> job(row))
                .findOne();
    }

    static List<Job> ofContract(Handle tx, ContractId contract) {
        return tx.select(JOB + "where j.contract = ? order by j.position", contract.value())
                .map((row, context) -> job(row))
                .list();
    }

    static List<Job> ofModel(Handle tx, PartyId buyer, String model) {
        return tx.select(JOB + "where j.buyer = ? and j.model = ? order by j.position", buyer.value(), model)
                .map((row, context) -> job(row))
                .list();
    }

    static boolean anyQuota(Handle tx) {
        return tx.select("select exists (select from delivery.token where claims like '%\"quota\":%')")
                .mapTo(Boolean.class)
                .one();
    }

    static long lastEnding(Handle tx) {
        return tx.select("select greatest((select max(position) from delivery.token_revocation),"
                        + " (select max(position) from delivery.job_closing),"
                        + " (select max(position) from delivery.edge_revocation), -1)")
                .mapTo(Long.class)
                .one();
    }

    static Optional<Hash> manifestHash(Handle tx, JobId id) {
        return tx.select("select manifest from delivery.job_closing where job = ?", id.value())
                .mapTo(byte[].class)
                .findOne()
                .map(Hash::of);
    }

    static Optional<GrantRecord> token(Handle tx, TokenId id) {
        return tx.select(TOKEN + "where t.id = ?", (Object) id.bytes())
                .map((row, context) -> grant(row))
                .findOne();
    }

    static List<GrantRecord> tokensOf(Handle tx, ContractId contract) {
        return tx.select(TOKEN + "where t.contract = ? order by t.position", contract.value())
                .map((row, context) -> grant(row))
                .list();
    }

    /** Tokens revoked after a log position that would still be good after a time. */
    static List<RevokedToken> revokedAfter(Handle tx, long position, Instant expiresAfter) {
        return tx.select(
                        "select r.token, exists (select from delivery.job_closing c where c.job = t.job and c.position"
                                + " = r.position) as closing from delivery.token t join delivery.token_revocation r on"
                                + " r.token = t.id where t.expires > ? and r.position > ? order by r.position, r.token",
                        RowStore.time(expiresAfter),
                        position)
                .map((row, context) -> new RevokedToken(new TokenId(row.getBytes("token")), row.getBoolean("closing")))
                .list();
    }

    /** Log position of the last revocation of a token; -1 where there was none. */
    static long lastRevocation(Handle tx) {
        return tx.select("select coalesce(max(position), -1) from delivery.token_revocation")
                .mapTo(Long.class)
                .one();
    }

    static void insert(Handle tx, Job job) {
        tx.createUpdate("insert into delivery.job (id, position, contract, buyer, dataset, model, opened)"
                        + " values (:id, :position, :contract, :buyer, :dataset, :model, :opened)")
                .bind("id", job.id().value())
                .bind("position", job.position())
                .bind("contract", job.contract().value())
                .bind("buyer", job.buyer().value())
                .bind("dataset", job.dataset().toBytes())
                .bind("model", job.model())
                .bind("opened", RowStore.time(job.opened()))
                .execute();
    }

    /** Closes a job and revokes those of its tokens that are still valid. */
    static void close(Handle tx, JobId id, Job.Closed closing, Hash manifest) {
        tx.createUpdate("insert into delivery.job_closing (job, position, closed, works, manifest, acknowledgement)"
                        + " values (:id, :position, :closed, :works, :manifest, cast(:acknowledgement as text))")
                .bind("id", id.value())
                .bind("position", closing.position())
                .bind("closed", RowStore.time(closing.at()))
                .bind("works", closing.works())
                .bind("manifest", manifest.toBytes())
                .bind("acknowledgement", closing.acknowledgement().orElse(null))
                .execute();
        tx.createUpdate("insert into delivery.token_revocation (token, position, revoked)"
                        + " select id, :position, :closed from delivery.token where job = :id and expires > :closed"
                        + " on conflict do nothing")
                .bind("id", id.value())
                .bind("position", closing.position())
                .bind("closed", RowStore.time(closing.at()))
                .execute();
    }

    static void insertToken(Handle tx, long position, Grant grant) {
        tx.createUpdate("insert into delivery.token (id, position, job, contract, expires, claims)"
                        + " values (:id, :position, :job, :contract, :expires, :claims)")
                .bind("id", grant.tokenId().bytes())
                .bind("position", position)
                .bind("job", grant.job())
                .bind("contract", grant.contract())
                .bind("expires", RowStore.time(grant.expires()))
                .bind("claims", Jcs.text(grant.claims()))
                .execute();
    }

    static void revokeToken(Handle tx, long position, TokenId id, Instant at) {
        tx.createUpdate("insert into delivery.token_revocation (token, position, revoked) values (:id, :position, :at)")
                .bind("id", id.bytes())
                .bind("position", position)
                .bind("at", RowStore.time(at))
                .execute();
    }

    private static Job job(ResultSet row) throws SQLException {
        OffsetDateTime closed = row.getObject("closed", OffsetDateTime.class);
        Optional<String> acknowledgement = Optional.ofNullable(row.getString("acknowledgement"));
        Grade grade = !row.getBoolean("ordered")
                ? Grade.RECEIPT
                : acknowledgement.isPresent() ? Grade.ACKNOWLEDGED : Grade.ASKED;
        return new Job(
                new JobId(row.getString("id")),
                row.getLong("position"),
                new ContractId(row.getString("contract")),
                new PartyId(row.getString("buyer")),
                Hash.of(row.getBytes("dataset")),
                row.getString("model"),
                RowStore.time(row, "opened"),
                closed == null
                        ? Optional.empty()
                        : Optional.of(new Job.Closed(
                                row.getLong("closing_position"),
                                closed.toInstant(),
                                row.getInt("works"),
                                acknowledgement)),
                grade);
    }

    private static GrantRecord grant(ResultSet row) throws SQLException {
        byte[] claims = row.getString("claims").getBytes(StandardCharsets.UTF_8);
        return new GrantRecord(
                Grant.ofClaims(Json.parseObject(claims)),
                row.getLong("position"),
                RowStore.optionalTime(row, "revoked"));
    }
}
