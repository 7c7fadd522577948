package org.tallystick.platform.delivery;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ClockSkew;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Party;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.terms.UsageEvent;

/**
 * Takes in what training loops report, each batch once for ever, by contract and batch id. Late reports are taken as
 * long as their contract is known, in force or not. Safe from any thread.
 */
public final class UsageEvents {
    private final Database database;
    private final Sequencer sequencer;
    private final Parties parties;
    private final Contracts contracts;
    private final Verifier verifier;
    private final InstantSource clock;

    UsageEvents(
            Database database,
            Sequencer sequencer,
            Parties parties,
            Contracts contracts,
            Verifier verifier,
            InstantSource clock) {
        this.database = database;
        this.sequencer = sequencer;
        this.parties = parties;
        this.contracts = contracts;
        this.verifier = verifier;
        this.clock = clock;
    }

    /** An event, the contract it is held to and the buyer's key it verifies by. */
    private record Signed(UsageEvent event, Contract contract, DidKey key) {
        ContractId contractId() {
            return contract.id();
        }
    }

    /**
     * Takes in an event that the contract's buyer has signed. The same event again is a repeat.
     *
     * @return refused with the reason of the form check, {@code usage-event/contract-unknown}, {@code
     *     usage-event/signature}, {@code usage-event/future-dated}, {@code usage-event/price-mismatch}, {@code
     *     usage-event/dataset-mismatch}, {@code usage-event/job-unknown}, {@code usage-event/conflict} where the batch
     *     id names another event, {@code usage-event/sequence-conflict} where the number does
     */
    public Outcome<UsageRecord> accept(Json.Obj document) {
        Outcome<Signed> signed;
        try {
            UsageEvent event = UsageEvent.parse(document);
            signed = database.read(tx -> signed(tx, event));
        } catch (MalformedException e) {
            return Outcome.refused(DeliveryProblems.malformed(e));
        }
        return signed.flatMap(this::take);
    }

    private Outcome<Signed> signed(Handle tx, UsageEvent event) {
        ContractId id = new ContractId(event.contract());
        Optional<Contract> contract = contracts.find(tx, id);
        Optional<DidKey> key =
                contract.flatMap(c -> parties.find(tx, c.buyer())).flatMap(Party::key);
        if (contract.isEmpty() || key.isEmpty()) {
            return refused(Category.NOT_FOUND, "usage-event/contract-unknown", "there is no contract " + id);
        }
        event.verify(key.get(), verifier);
        if (event.timestamp().isAfter(clock.instant().plus(ClockSkew.MOST))) {
            return refused(Category.INVALID, "usage-event/future-dated", "the event is dated " + event.timestamp());
        }
        if (contract.get().document().pricing() instanceof Pricing.Micropay(var unit, var price)
                && !price.equals(event.pricePerSample())) {
            return refused(
                    Category.INVALID,
                    "usage-event/price-mismatch",
                    "a sample costs " + price.amount().toPlainString() + " " + price.currency() + " under contract "
                            + id);
        }
        if (event.datasetVersion()
                .filter(root -> !root.equals(contract.get().datasetVersion()))
                .isPresent()) {
            return refused(
                    Category.INVALID,
                    "usage-event/dataset-mismatch",
                    "contract " + id + " grants dataset version "
                            + contract.get().datasetVersion());
        }
        return Outcome.accepted(new Signed(event, contract.get(), key.get()));
    }

    private Outcome<UsageRecord> take(Signed signed) {
        UsageEvent event = signed.event();
        return sequencer.execute((tx, now) -> {
            Optional<Outcome<UsageRecord>> known = known(tx, signed);
            if (known.isPresent()) {
                return Decision.answer(known.get());
            }
            Optional<Problem> problem = problem(tx, signed);
            if (problem.isPresent()) {
                return Decision.answer(Outcome.refused(problem.get()));
            }
            return Decision.append(
                    List.of(Draft.document(Entries.USAGE_EVENT, event.json())),
                    position -> Outcome.accepted(record(event, position)));
        });
    }

    private static Optional<Outcome<UsageRecord>> known(Handle tx, Signed signed) {
        UsageEvent event = signed.event();
        return UsageStore.hash(tx, event).map(hash -> {
            if (hash.equals(event.hash())) {
                return Outcome.repeated(
                        UsageStore.find(tx, signed.contractId(), event.batch()).orElseThrow());
            }
            return refused(
                    Category.CONFLICT,
                    "usage-event/conflict",
                    "batch " + event.batch() + " of contract " + event.contract() + " was reported otherwise");
        });
    }

    private Optional<Problem> problem(Handle tx, Signed signed) {
        UsageEvent event = signed.event();
        boolean sameKey =
                parties.find(tx, signed.contract().buyer()).flatMap(Party::key).equals(Optional.of(signed.key()));
        if (!sameKey) {
            return Optional.of(DeliveryProblems.refusal(
                    Category.INVALID, "usage-event/signature", "the buyer's key has just been replaced"));
        }
        Optional<JobId> job = event.job().map(JobId::new);
        if (job.isPresent()
                && JobStore.find(tx, job.get())
                        .filter(j -> j.contract().equals(signed.contractId()))
                        .isEmpty()) {
            return Optional.of(DeliveryProblems.refusal(
                    Category.NOT_FOUND,
                    "usage-event/job-unknown",
                    "contract " + signed.contractId() + " has no job " + job.get()));
        }
        return event.sequence()
                .flatMap(sequence -> UsageStore.batchAt(tx, event, sequence))
                .map(batch -> DeliveryProblems.refusal(
                        Category.CONFLICT,
                        "usage-event/sequence-conflict",
                        "number " + event.sequence().orElseThrow() + " was given to batch " + batch));
    }

    private static UsageRecord record(UsageEvent event, long position) {
        return new UsageRecord(
                new ContractId(event.contract()),
                event.batch(),
                position,
                event.job().map(JobId::new),
                event.sequence(),
                event.sampleCount(),
                event.epoch(),
                event.model(),
                event.timestamp());
    }

    /** The events of a contract, in the order they came. */
    public List<UsageRecord> events(Handle tx, ContractId contract) {
        return UsageStore.ofContract(tx, contract);
    }

    /** The events of a job, in the order they came. */
    public List<UsageRecord> events(Handle tx, ContractId contract, JobId job) {
        return UsageStore.ofJob(tx, contract, job);
    }

    /** Event numbers that are missing below others that have come. */
    public List<UsageRecord.Missing> missing(Handle tx, ContractId contract) {
        return UsageStore.missing(tx, contract);
    }

    private static <T> Outcome<T> refused(Category category, String type, String detail) {
        return Outcome.refused(DeliveryProblems.refusal(category, type, detail));
    }
}
