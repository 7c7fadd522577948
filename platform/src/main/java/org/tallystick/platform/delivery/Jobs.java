package org.tallystick.platform.delivery;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Party;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobClosed;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.Region;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * Opens and closes jobs and issues their tokens. A buyer sees its own jobs only; another's is unknown to it. Safe from
 * any thread.
 *
 * <p>Every method may throw what the sequencer and the database throw when they cannot answer now; repeating is safe.
 */
public final class Jobs {
    /** Longest life of a token. */
    public static final Duration MAX_TTL = Duration.ofHours(24);

    /** Most works in a training manifest. */
    public static final int MAX_WORKS = 1_000_000;

    /** Longest name of a model and longest reason of a revocation, in characters. */
    public static final int MAX_TEXT = 256;

    private static final int MAX_EDGES = 256;
    private static final long MAX_QUOTA = Long.MAX_VALUE >> 11;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database database;
    private final Sequencer sequencer;
    private final Parties parties;
    private final Contracts contracts;
    private final Verifier verifier;
    private final Reservations reservations;
    private final Authority authority;

    Jobs(
            Database database,
            Sequencer sequencer,
            Parties parties,
            Contracts contracts,
            Verifier verifier,
            Reservations reservations,
            Authority authority) {
        this.parties = parties;
        this.verifier = verifier;
        this.database = database;
        this.sequencer = sequencer;
        this.contracts = contracts;
        this.reservations = reservations;
        this.authority = authority;
    }

    /**
     * Opens a job under a live contract of the buyer's.
     *
     * @param id to name it, so that asking again is a repeat; else one is made up
     * @param model what is to be trained, 1 to {@value #MAX_TEXT} characters
     * @return refused {@code contract/unknown}, {@code contract/not-live}, {@code job/not-the-buyer}, {@code
     *     job/conflict}, {@code job/model}
     */
    public Outcome<Job> openJob(Principal buyer, ContractId contract, Optional<JobId> id, String model) {
        if (!isText(model)) {
            return refused(
                    Category.INVALID, "job/model", "a model's name has 1 to " + MAX_TEXT + " printable characters");
        }
        JobId name = id.orElseGet(Jobs::fresh);
        return sequencer.execute((tx, now) -> {
            Outcome<Contract> under = liveContract(tx, buyer, contract, now);
            Optional<Job> known = JobStore.find(tx, name);
            if (known.isPresent()) {
                return Decision.answer(again(known.get(), buyer, contract, model));
            }
            return switch (under) {
                case Outcome.Refused<Contract> refused -> Decision.answer(Outcome.refused(refused.problem()));
                case Outcome.Accepted<Contract> accepted -> {
                    Hash dataset = accepted.value().datasetVersion();
                    Job job = Job.opened(name, 0, contract, buyer.id(), dataset, model, now);
                    yield Decision.append(
                            List.of(Draft.document(Entries.JOB, Entries.job(job))),
                            position -> Outcome.accepted(
                                    Job.opened(name, position, contract, buyer.id(), dataset, model, now)));
                }
            };
        });
    }

    private static Outcome<Job> again(Job known, Principal buyer, ContractId contract, String model) {
        boolean same = known.buyer().equals(buyer.id())
                && known.contract().equals(contract)
                && known.model().equals(model);
        return same
                ? Outcome.repeated(known)
                : refused(Category.CONFLICT, "job/conflict", "the job id " + known.id() + " is taken");
    }

    private Outcome<Contract> liveContract(Handle tx, Principal buyer, ContractId id, Instant now) {
        Optional<Contract> found = contracts.find(tx, id);
        if (found.isEmpty() || !contracts.names(tx, id, buyer.id())) {
            return refused(Category.NOT_FOUND, "contract/unknown", "there is no contract " + id + " of yours");
        }
        Contract contract = found.get();
        if (!contract.buyer().equals(buyer.id()) || buyer.role() != Role.BUYER) {
            return refused(Category.FORBIDDEN, "job/not-the-buyer", buyer.id() + " is not the buyer of " + id);
        }
        if (!contract.liveAt(now)) {
            String why =
                    contract.revocation().map(r -> "was revoked at " + r.at()).orElse("ended at " + contract.ends());
            return refused(Category.CONFLICT, "contract/not-live", "contract " + id + " " + why);
        }
        return Outcome.accepted(contract);
    }

    /** A plain token, as {@link #issueToken(Principal, JobId, TokenRequest)}. */
    public Outcome<IssuedToken> issueToken(Principal buyer, JobId id, Scope scope, Duration ttl, Optional<Long> quota) {
        return issueToken(buyer, id, TokenRequest.plain(scope, ttl, quota));
    }

    /**
     * Issues a token: for one job and scope, at most {@link #MAX_TTL} and never past the end of its contract or order. Asking
     * for the same within the same second gives the same token.
     *
     * @return refused {@code job/unknown}, {@code job/closed}, {@code contract/not-live}, {@code token/scope}, {@code
     *     token/ttl}, {@code token/quota}, {@code token/edges}, {@code token/order} where the job has no such order for the
     *     scope, {@code token/grade} where the contract demands an order and none is named, {@code escrow/insufficient}
     *     where money does not cover what could be used
     */
    public Outcome<IssuedToken> issueToken(Principal buyer, JobId id, TokenRequest wanted) {
        Duration ttl = wanted.ttl();
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            return refused(Category.INVALID, "token/ttl", "a token lives for 1 second to 24 hours, not " + ttl);
        }
        if (wanted.quota().filter(most -> most < 1 || most > MAX_QUOTA).isPresent()) {
            return refused(Category.INVALID, "token/quota", "a quota is between 1 and " + MAX_QUOTA);
        }
        Outcome<Grant> outcome = sequencer.execute((tx, now) -> {
            Outcome<Grant> decided =
                    openUnder(tx, buyer, id, now).flatMap(contract -> grant(tx, buyer, id, contract, wanted, now));
            if (!(decided instanceof Outcome.Accepted<Grant> accepted)) {
                return Decision.answer(decided);
            }
            Grant grant = accepted.value();
            if (JobStore.token(tx, grant.tokenId()).isPresent()) {
                return Decision.answer(Outcome.repeated(grant));
            }
            return switch (reserved(tx, grant)) {
                case Outcome.Refused<List<Draft>>(var problem) -> Decision.answer(Outcome.refused(problem));
                case Outcome.Accepted<List<Draft>>(var reserved, var repeated) ->
                    Decision.append(
                            Stream.concat(Stream.of(Draft.document(Entries.GRANT, grant.claims())), reserved.stream())
                                    .toList(),
                            position -> Outcome.accepted(grant));
            };
        });
        return outcome.map(grant -> new IssuedToken(grant.sign(authority.signer()), grant));
    }

    /** The live contract of a buyer's open job; refused {@code job/unknown}, {@code job/closed}, {@code contract/not-live}. */
    Outcome<Contract> openUnder(Handle tx, Principal buyer, JobId id, Instant now) {
        Optional<Job> found = own(tx, buyer, id);
        if (found.isEmpty()) {
            return unknown(id);
        }
        Job job = found.get();
        if (job.closed().isPresent()) {
            return refused(
                    Category.CONFLICT,
                    "job/closed",
                    "job " + id + " was closed at " + job.closed().get().at());
        }
        return liveContract(tx, buyer, job.contract(), now);
    }

    /** The contract of a buyer's job, whatever has become of either; refused {@code job/unknown}. */
    Outcome<ContractId> ownContract(Handle tx, Principal buyer, JobId id) {
        return own(tx, buyer, id)
                .<Outcome<ContractId>>map(job -> Outcome.accepted(job.contract()))
                .orElseGet(() -> unknown(id));
    }

    private Outcome<Grant> grant(
            Handle tx, Principal buyer, JobId id, Contract contract, TokenRequest wanted, Instant now) {
        Optional<JobOrder> order = wanted.order()
                .flatMap(number -> OrderStore.find(tx, contract.id(), number))
                .map(OrderRecord::order)
                .filter(found -> found.job().equals(id.value()) && found.scope() == wanted.scope());
        Optional<Problem> problem = problem(tx, id, contract, wanted, order);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        Instant begins = now.truncatedTo(ChronoUnit.SECONDS);
        Instant expires = Stream.concat(
                        Stream.of(begins.plus(wanted.ttl()), contract.ends()), order.map(JobOrder::ends).stream())
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .truncatedTo(ChronoUnit.SECONDS);
        if (!begins.isBefore(expires)) {
            return refused(
                    Category.CONFLICT,
                    "contract/not-live",
                    "contract " + contract.id() + ", or the order named, ends at this second");
        }
        return Outcome.accepted(new Grant(
                authority.issuer(),
                buyer.id().value(),
                contract.id().value(),
                id.value(),
                wanted.scope(),
                contract.datasetVersion(),
                begins,
                expires,
                wanted.quota(),
                contract.document().license().regions().stream()
                        .map(Region::new)
                        .toList(),
                order.map(JobOrder::claim),
                wanted.edges()));
    }

    private static Optional<Problem> problem(
            Handle tx, JobId id, Contract contract, TokenRequest wanted, Optional<JobOrder> order) {
        String scope = wanted.scope().word();
        if (!contract.document().license().scopes().contains(wanted.scope())) {
            return refusal(Category.FORBIDDEN, "token/scope", "contract " + contract.id() + " permits no " + scope);
        }
        if (wanted.order().isPresent() && order.isEmpty()) {
            return refusal(
                    Category.NOT_FOUND,
                    "token/order",
                    "job " + id + " has no order " + wanted.order().get() + " for " + scope);
        }
        Grade least = contract.document().license().leastGrade();
        if (wanted.scope().meters() && order.isEmpty() && !Grade.RECEIPT.isAtLeast(least)) {
            return refusal(
                    Category.FORBIDDEN,
                    "token/grade",
                    "contract " + contract.id() + " wants uses proven by grade " + least.word()
                            + "; a token for that names a job order");
        }
        List<Integer> strangers = wanted.edges().stream()
                .filter(edge ->
                        EdgeStore.find(tx, edge).filter(e -> !e.revoked()).isEmpty())
                .toList();
        return strangers.isEmpty() && wanted.edges().size() <= MAX_EDGES
                ? Optional.empty()
                : refusal(
                        Category.INVALID,
                        "token/edges",
                        "a token names at most " + MAX_EDGES + " edges, all of them registered; these are not: "
                                + strangers);
    }

    /** What a plain token lets be used: its quota, or every work. Under an order the works it names are reserved for already. */
    private Outcome<List<Draft>> reserved(Handle tx, Grant grant) {
        if (grant.order().isPresent()) {
            return Outcome.accepted(List.of());
        }
        return reservations.reserve(
                tx,
                contracts.find(tx, new ContractId(grant.contract())).orElseThrow(),
                new JobId(grant.job()),
                grant.scope(),
                grant.quota().orElse(Long.MAX_VALUE));
    }

    /**
     * Makes a token worthless; edges hear of it within seconds. Again is a repeat.
     *
     * @param by its buyer, or an operator
     * @param reason why; the log commits to it, so that it can be erased
     * @return refused {@code token/unknown}, {@code token/reason}
     */
    public Outcome<GrantRecord> revokeToken(Principal by, TokenId id, String reason) {
        return new TokenRevocation(database, sequencer).revoke(by, id, reason);
    }

    /** Closes a job as {@link #closeJob(Principal, JobId, List, Optional)}, acknowledging nothing. */
    public Outcome<Job> closeJob(Principal buyer, JobId id, List<ContentId> trainedOn) {
        return closeJob(buyer, id, trainedOn, Optional.empty());
    }

    /**
     * Closes a job with the buyer's training manifest, to be held against receipts; its tokens become worthless.
     *
     * @param trainedOn the works trained on, in any order; naming one twice says nothing more
     * @param acknowledgement a {@link JobClosed} that the buyer signed
     * @return refused {@code job/unknown}, {@code job/closed} where it was closed with another manifest or acknowledgement,
     *     {@code job/manifest-too-long}, {@code job-closed/mismatch} where the acknowledgement is of another job, and with
     *     the reason of its form check
     */
    public Outcome<Job> closeJob(
            Principal buyer, JobId id, List<ContentId> trainedOn, Optional<String> acknowledgement) {
        List<ContentId> works = trainedOn.stream().distinct().sorted().toList();
        if (works.size() > MAX_WORKS) {
            return refused(
                    Category.TOO_LARGE,
                    "job/manifest-too-long",
                    "a training manifest has at most " + MAX_WORKS + " works");
        }
        Optional<JobClosed> said;
        try {
            said = acknowledgement.map(compact -> verified(buyer, compact));
        } catch (MalformedException e) {
            return Outcome.refused(DeliveryProblems.malformed(e));
        }
        Hash manifest = Entries.manifestHash(works);
        return sequencer.execute((tx, now) -> {
            Optional<Job> found = own(tx, buyer, id);
            if (found.isEmpty()) {
                return Decision.answer(unknown(id));
            }
            Job job = found.get();
            if (job.closed().isPresent()) {
                return Decision.answer(
                        JobStore.manifestHash(tx, id).equals(Optional.of(manifest))
                                        && (acknowledgement.isEmpty()
                                                || job.closed()
                                                        .get()
                                                        .acknowledgement()
                                                        .equals(acknowledgement))
                                ? Outcome.repeated(job)
                                : refused(
                                        Category.CONFLICT,
                                        "job/closed",
                                        "job " + id + " was closed with another training manifest or acknowledgement"));
            }
            if (said.filter(closed -> !isOf(closed, job)).isPresent()) {
                return Decision.answer(
                        refused(Category.INVALID, "job-closed/mismatch", "the acknowledgement is not of job " + id));
            }
            return Decision.append(
                    List.of(Draft.document(Entries.JOB_CLOSED, Entries.jobClosed(job, works, acknowledgement))),
                    position -> Outcome.accepted(
                            closed(job, new Job.Closed(position, now, works.size(), acknowledgement))));
        });
    }

    private JobClosed verified(Principal buyer, String compact) {
        DidKey key = database.read(tx -> parties.find(tx, buyer.id()))
                .flatMap(Party::key)
                .orElseThrow(() -> new MalformedException("job-closed/signer", buyer.id() + " has no key"));
        return JobClosed.verify(compact, key, verifier);
    }

    private static boolean isOf(JobClosed closed, Job job) {
        return closed.job().equals(job.id().value())
                && closed.contract().equals(job.contract().value())
                && closed.dataset().equals(job.dataset());
    }

    private static Job closed(Job job, Job.Closed end) {
        boolean acknowledged =
                job.grade() == Grade.ASKED && end.acknowledgement().isPresent();
        return new Job(
                job.id(),
                job.position(),
                job.contract(),
                job.buyer(),
                job.dataset(),
                job.model(),
                job.opened(),
                Optional.of(end),
                acknowledged ? Grade.ACKNOWLEDGED : job.grade());
    }

    /** A job, as a transaction sees it. */
    public Optional<Job> find(Handle tx, JobId id) {
        return JobStore.find(tx, id);
    }

    /** A job, as last committed. */
    public Optional<Job> find(JobId id) {
        return database.read(tx -> JobStore.find(tx, id));
    }

    /** The jobs of a contract, in the order they were opened. */
    public List<Job> jobs(Handle tx, ContractId contract) {
        return JobStore.ofContract(tx, contract);
    }

    /** The jobs by which a buyer trains a model, in the order they were opened. */
    public List<Job> ofModel(Handle tx, PartyId buyer, String model) {
        return JobStore.ofModel(tx, buyer, model);
    }

    /** A token that was issued. */
    public Optional<GrantRecord> grant(Handle tx, TokenId id) {
        return JobStore.token(tx, id);
    }

    /** Whether any token bounds how many works may be delivered under it. */
    public boolean anyQuota(Handle tx) {
        return JobStore.anyQuota(tx);
    }

    /** All tokens issued under a contract, in order. */
    public List<GrantRecord> grants(Handle tx, ContractId contract) {
        return JobStore.tokensOf(tx, contract);
    }

    /** The works a buyer says it trained on, sorted; empty while the job is open. Read from the log, not the database. */
    public Optional<List<ContentId>> trainingManifest(Job job) {
        return job.closed().map(end -> {
            if (sequencer.entry(end.position()) instanceof LogEntry.DocumentEntry document
                    && document.type().equals(Entries.JOB_CLOSED)) {
                return Entries.trainedOn(document.body());
            }
            throw new IllegalStateException("entry " + end.position() + " does not close job " + job.id());
        });
    }

    private static Optional<Job> own(Handle tx, Principal buyer, JobId id) {
        return JobStore.find(tx, id).filter(job -> job.buyer().equals(buyer.id()));
    }

    private static <T> Outcome<T> unknown(JobId id) {
        return refused(Category.NOT_FOUND, "job/unknown", "there is no job " + id + " of yours");
    }

    private static <T> Outcome<T> refused(Category category, String type, String detail) {
        return Outcome.refused(DeliveryProblems.refusal(category, type, detail));
    }

    private static Optional<Problem> refusal(Category category, String type, String detail) {
        return Optional.of(DeliveryProblems.refusal(category, type, detail));
    }

    static boolean isText(String text) {
        return !text.isBlank()
                && text.length() <= MAX_TEXT
                && DisplayText.of(text).equals(text);
    }

    private static JobId fresh() {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        return new JobId("job-" + HexFormat.of().formatHex(random));
    }
}
