package org.tallystick.platform.delivery;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Party;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Verifier;

/**
 * Takes in job orders: what a buyer signs before the first delivery, so that no edge can bill a work that was not asked for.
 * The orders of a contract are numbered without gaps, and each has a tag of its own. Safe from any thread.
 *
 * <p>Every method may throw what the sequencer, the database and the blobs throw when they cannot answer now; repeating is
 * safe.
 */
public final class Orders {
    private static final int MOST_ATTEMPTS = 8;

    private final Database database;
    private final Sequencer sequencer;
    private final BlobStore blobs;
    private final Parties parties;
    private final Jobs jobs;
    private final Reservations reservations;
    private final Verifier verifier;
    private final OrderedWorks orderedWorks;

    Orders(
            Database database,
            Sequencer sequencer,
            BlobStore blobs,
            Parties parties,
            Jobs jobs,
            Reservations reservations,
            Verifier verifier) {
        this.database = database;
        this.sequencer = sequencer;
        this.blobs = blobs;
        this.parties = parties;
        this.jobs = jobs;
        this.reservations = reservations;
        this.verifier = verifier;
        this.orderedWorks = new OrderedWorks(database, blobs);
    }

    /**
     * Takes in a job order of the buyer's. The same order again is a repeat.
     *
     * @param compact the signed order
     * @param entries its table: {@link ReleaseTable#ENTRY} bytes for each work of the dataset version; not changed afterwards
     * @return refused with the reason of the form check ({@code jws/…}, {@code order/…}, {@code release/table}), {@code
     *     job/unknown}, {@code job/closed}, {@code contract/not-live}, {@code order/mismatch} where it names another
     *     contract, job or dataset version, {@code order/scope}, {@code order/ends}, {@code order/number} with the number
     *     {@code expected}, {@code order/tag}, {@code escrow/insufficient} where money does not cover what is ordered
     */
    public Outcome<OrderRecord> accept(Principal buyer, JobId job, String compact, byte[] entries) {
        JobOrder order;
        ReleaseTable table;
        try {
            order = verified(buyer, compact);
            table = new ReleaseTable(HexFormat.of().parseHex(order.tag()), entries);
            table.check(order);
        } catch (MalformedException e) {
            return Outcome.refused(DeliveryProblems.malformed(e));
        }
        Optional<Problem> stranger =
                database.read(tx -> jobs.ownContract(tx, buyer, job)).refusal();
        if (stranger.isPresent()) {
            return Outcome.refused(stranger.get()); // whose table is not stored
        }
        ContentId blob = blobs.put(entries).id();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Optional<Outcome<OrderRecord>> decided =
                    take(buyer, job, new OrderRecord(order, compact, blob, 0), orderedWorks.added(order, table));
            if (decided.isPresent()) {
                return decided.get();
            }
        }
        return Outcome.refused(DeliveryProblems.refusal(
                Category.CONFLICT,
                "order/number",
                "other orders of contract " + order.contract() + " came in meanwhile"));
    }

    /** Takes an order in; empty where an order of the contract came in since what it adds was counted. */
    private Optional<Outcome<OrderRecord>> take(
            Principal buyer, JobId job, OrderRecord record, OrderedWorks.Added added) {
        JobOrder order = record.order();
        ContractId contract = new ContractId(order.contract());
        return sequencer.execute((tx, now) -> {
            Optional<OrderRecord> known = OrderStore.find(tx, contract, order.number());
            if (known.isPresent() && known.get().compact().equals(record.compact())) {
                return Decision.answer(Optional.of(Outcome.repeated(known.get())));
            }
            if (OrderStore.last(tx, contract) != added.through()) {
                return Decision.answer(Optional.empty());
            }
            return switch (reserved(tx, buyer, job, order, added.works(), now)) {
                case Outcome.Refused<List<Draft>>(Problem problem) ->
                    Decision.answer(Optional.of(Outcome.refused(problem)));
                case Outcome.Accepted<List<Draft>>(List<Draft> reservation, boolean repeated) ->
                    Decision.append(
                            Stream.concat(
                                            Stream.of(Draft.document(
                                                    Entries.JOB_ORDER,
                                                    Entries.jobOrder(record.compact(), record.table()))),
                                            reservation.stream())
                                    .toList(),
                            position -> Optional.of(Outcome.accepted(
                                    new OrderRecord(order, record.compact(), record.table(), position))));
            };
        });
    }

    private JobOrder verified(Principal buyer, String compact) {
        Optional<DidKey> key = database.read(tx -> parties.find(tx, buyer.id())).flatMap(Party::key);
        if (key.isEmpty()) {
            throw new MalformedException("order/signer", buyer.id() + " has no key to sign an order with");
        }
        JobOrder.ofPayload(Jws.parse(compact).payload()); // what is malformed is said before whose key it is
        return JobOrder.verify(compact, key.get(), verifier);
    }

    /** Reserves money for the works that this order adds to those before, once nothing speaks against the order. */
    private Outcome<List<Draft>> reserved(
            Handle tx, Principal buyer, JobId job, JobOrder order, long added, Instant now) {
        return jobs.openUnder(tx, buyer, job, now)
                .flatMap(contract -> mismatch(job, order, contract)
                        .or(() -> beyond(order, contract, now))
                        .or(() -> numbering(tx, order, contract))
                        .<Outcome<List<Draft>>>map(Outcome::refused)
                        .orElseGet(() -> reservations.reserve(tx, contract, job, order.scope(), added)));
    }

    private static Optional<Problem> mismatch(JobId id, JobOrder order, Contract contract) {
        boolean same = order.job().equals(id.value())
                && order.contract().equals(contract.id().value())
                && order.dataset().equals(contract.datasetVersion());
        return same
                ? Optional.empty()
                : refusal(
                        Category.INVALID,
                        "order/mismatch",
                        "job " + id + " is under contract " + contract.id() + " over dataset version "
                                + contract.datasetVersion() + "; the order names another");
    }

    private static Optional<Problem> beyond(JobOrder order, Contract contract, Instant now) {
        if (!contract.document().license().scopes().contains(order.scope())) {
            return refusal(
                    Category.FORBIDDEN,
                    "order/scope",
                    "contract " + contract.id() + " permits no " + order.scope().word());
        }
        boolean within = now.isBefore(order.ends()) && !order.ends().isAfter(contract.ends());
        return within
                ? Optional.empty()
                : refusal(
                        Category.INVALID,
                        "order/ends",
                        "an order ends after now and not after its contract, at " + contract.ends());
    }

    private static Optional<Problem> numbering(Handle tx, JobOrder order, Contract contract) {
        int expected = OrderStore.last(tx, contract.id()) + 1;
        if (order.number() != expected) {
            return Optional.of(DeliveryProblems.refusal(
                            Category.CONFLICT,
                            "order/number",
                            "the next order of contract " + contract.id() + " has number " + expected)
                    .with("expected", expected));
        }
        return OrderStore.isTagTaken(tx, order.tag())
                ? refusal(Category.CONFLICT, "order/tag", "another order has this tag")
                : Optional.empty();
    }

    private static Optional<Problem> refusal(Category category, String type, String detail) {
        return Optional.of(DeliveryProblems.refusal(category, type, detail));
    }

    /**
     * The orders of a job.
     *
     * @param orders in the order of their numbers
     * @param next the number that the contract's next order has
     */
    public record OfJob(List<OrderRecord> orders, int next) {
        public OfJob {
            orders = List.copyOf(orders);
        }
    }

    /** The orders of a job of the buyer's; refused {@code job/unknown}. */
    public Outcome<OfJob> ofJob(Principal buyer, JobId job) {
        return database.read(tx -> jobs.ownContract(tx, buyer, job)
                .map(contract -> new OfJob(OrderStore.ofJob(tx, job), OrderStore.last(tx, contract) + 1)));
    }

    /** An order of a contract by its number. */
    public Optional<OrderRecord> find(Handle tx, ContractId contract, int number) {
        return OrderStore.find(tx, contract, number);
    }

    /** The orders of a job, in the order of their numbers. */
    public List<OrderRecord> ofJob(Handle tx, JobId job) {
        return OrderStore.ofJob(tx, job);
    }

    /** The table of an order, with its tag. Its hash is checked; that the order commits to it was checked at the door. */
    public ReleaseTable table(OrderRecord record) {
        return new ReleaseTable(HexFormat.of().parseHex(record.order().tag()), blobs.read(record.table()));
    }

    /**
     * The bytes of the table with that root, for edges, operators, auditors and the buyer whose order it is; empty for
     * anybody else, and where there is none.
     */
    public Optional<byte[]> tableBytes(Principal by, Hash keys) {
        List<OrderRecord> found = database.read(tx -> OrderStore.withKeys(tx, keys).stream()
                .filter(record -> by.role() != Role.BUYER
                        || jobs.find(tx, new JobId(record.order().job()))
                                .filter(job -> job.buyer().equals(by.id()))
                                .isPresent())
                .toList());
        return found.stream().findFirst().map(record -> blobs.read(record.table()));
    }
}
