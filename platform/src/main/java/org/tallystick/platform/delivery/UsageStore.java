package org.tallystick.platform.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.terms.UsageEvent;

/** Table of usage events. */
final class UsageStore {
    private static final String NO_JOB = "";
    private static final String MISSING = "select job, coalesce(before, 0) + 1 as first_missing, sequence - 1 as"
            + " last_missing from (select job, sequence, lag(sequence) over (partition by job order by sequence) as before"
            + " from delivery.usage_event where contract = :contract and (:job::text is null or job = :job) and sequence"
            + " is not null) s where sequence > coalesce(before, 0) + 1 order by job, sequence";

    private UsageStore() {}

    static Optional<Hash> hash(Handle tx, UsageEvent event) {
        return tx.select(
                        "select hash from delivery.usage_event where contract = ? and batch = ?",
                        event.contract(),
                        event.batch())
                .mapTo(byte[].class)
                .findOne()
                .map(Hash::of);
    }

    /** The batch that carries an event number already. */
    static Optional<String> batchAt(Handle tx, UsageEvent event, long sequence) {
        return tx.select(
                        "select batch from delivery.usage_event where contract = ? and job = ? and sequence = ?",
                        event.contract(),
                        event.job().orElse(NO_JOB),
                        sequence)
                .mapTo(String.class)
                .findOne();
    }

    static Optional<UsageRecord> find(Handle tx, ContractId contract, String batch) {
        return tx.select("select * from delivery.usage_event where contract = ? and batch = ?", contract.value(), batch)
                .map((row, context) -> usage(row))
                .findOne();
    }

    static List<UsageRecord> ofContract(Handle tx, ContractId contract) {
        return tx.select("select * from delivery.usage_event where contract = ? order by position", contract.value())
                .map((row, context) -> usage(row))
                .list();
    }

    static List<UsageRecord> ofJob(Handle tx, ContractId contract, JobId job) {
        return tx.select(
                        "select * from delivery.usage_event where contract = ? and job = ? order by position",
                        contract.value(),
                        job.value())
                .map((row, context) -> usage(row))
                .list();
    }

    static UsageRecord.Totals totals(Handle tx, ContractId contract, JobId job) {
        return tx.select(
                        "select count(*) as batches, coalesce(sum(samples), 0) as samples from delivery.usage_event"
                                + " where contract = ? and job = ?",
                        contract.value(),
                        job.value())
                .map((row, context) -> new UsageRecord.Totals(row.getInt("batches"), row.getLong("samples")))
                .one();
    }

    static List<UsageRecord.Missing> missing(Handle tx, ContractId contract) {
        return missing(tx, contract, Optional.empty());
    }

    static List<UsageRecord.Missing> missing(Handle tx, ContractId contract, JobId job) {
        return missing(tx, contract, Optional.of(job.value()));
    }

    private static List<UsageRecord.Missing> missing(Handle tx, ContractId contract, Optional<String> job) {
        return tx.createQuery(MISSING)
                .bind("contract", contract.value())
                .bind("job", job.orElse(null))
                .map((row, context) -> new UsageRecord.Missing(
                        contract, job(row), row.getLong("first_missing"), row.getLong("last_missing")))
                .list();
    }

    static void insert(Handle tx, long position, UsageEvent event) {
        tx.createUpdate("insert into delivery.usage_event (contract, batch, position, hash, job, sequence, samples,"
                        + " epoch, model, reported) values (:contract, :batch, :position, :hash, :job, :sequence,"
                        + " :samples, :epoch, :model, :reported)")
                .bind("contract", event.contract())
                .bind("batch", event.batch())
                .bind("position", position)
                .bind("hash", event.hash().toBytes())
                .bind("job", event.job().orElse(NO_JOB))
                .bind("sequence", event.sequence().orElse(null))
                .bind("samples", event.sampleCount())
                .bind("epoch", event.epoch().orElse(null))
                .bind("model", event.model().orElse(null))
                .bind("reported", RowStore.time(event.timestamp()))
                .execute();
    }

    private static UsageRecord usage(ResultSet row) throws SQLException {
        return new UsageRecord(
                new ContractId(row.getString("contract")),
                row.getString("batch"),
                row.getLong("position"),
                job(row),
                RowStore.optionalLong(row, "sequence"),
                row.getLong("samples"),
                RowStore.optionalLong(row, "epoch"),
                Optional.ofNullable(row.getString("model")),
                RowStore.time(row, "reported"));
    }

    private static Optional<JobId> job(ResultSet row) throws SQLException {
        String job = row.getString("job");
        return job.equals(NO_JOB) ? Optional.empty() : Optional.of(new JobId(job));
    }
}
