package org.tallystick.platform.contract;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Command;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.log.Words;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Finding;

/**
 * Accepts, finds and revokes contracts. Safe from any thread; of many who bring the same id at once, the first to be
 * ordered wins, those with the same terms are told it is done, the others that there is a conflict.
 *
 * <p>Every method may throw what the sequencer and the database throw when they cannot answer now; repeating is safe.
 */
public final class Contracts {
    /** Longest reason of a revocation, in characters. */
    public static final int MAX_REASON = Contract.MAX_REASON;

    /** Most items on a page. */
    public static final int MAX_PAGE = 200;

    private static final int ATTEMPTS = 8;

    private final Database database;
    private final Sequencer sequencer;
    private final ContractAcceptance acceptance;
    private final Wording wording;
    private final InstantSource clock;

    public Contracts(
            Database database,
            Sequencer sequencer,
            Parties parties,
            Catalog catalog,
            Verifier verifier,
            InstantSource clock) {
        this.database = database;
        this.sequencer = sequencer;
        this.acceptance = new ContractAcceptance(parties, catalog, verifier);
        this.wording = new Wording(database);
        this.clock = clock;
    }

    /** What this room makes of the log; the sequencer and a rebuild call it. */
    public static Projection projection() {
        return new ContractProjection();
    }

    /**
     * Accepts a contract that has every signature it needs.
     *
     * @return the contract in force, also where the same terms were accepted before; refused with the reason of the form
     *     check ({@code contract/…}, {@code json/…}), {@code contract/conflict} where the id names other terms, {@code
     *     contract/exclusivity-conflict} where another holds an exclusive grant it would overlap, {@code contract/replaces-…}
     *     or {@code contract/renewal-…} where it cannot take the place of the one it names, {@code approval/missing}
     *     where the buyer wanted approvals while it was negotiated, or the
     *     first finding's reason with all findings in {@code findings}: unknown parties, mismatches, missing or wrong
     *     signatures
     */
    public Outcome<Contract> accept(Json.Obj document) {
        ContractDocument contract;
        try {
            contract = ContractDocument.parse(document);
        } catch (MalformedException e) {
            return Outcome.refused(malformed(e));
        }
        ContractId id = new ContractId(contract.id());
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Outcome<Contract>> known = database.read(tx -> known(tx, contract));
            if (known.isPresent()) {
                return known.get();
            }
            ContractAcceptance.Judgement judgement =
                    database.read(tx -> acceptance.judge(tx, contract, clock.instant()));
            if (!judgement.findings().isEmpty()) {
                return Outcome.refused(refusal(id, judgement.findings()));
            }
            Optional<Outcome<Contract>> outcome = sequencer.execute(acceptance(contract, judgement));
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return Outcome.refused(Problem.of(
                Category.UNAVAILABLE,
                "contract/keys-changing",
                "Keys are changing",
                "the keys of the parties keep changing while their signatures are checked"));
    }

    /** Signatures were checked before the sequencer was asked; here, only whether the keys and mandates still hold. */
    private Command<Optional<Outcome<Contract>>> acceptance(
            ContractDocument contract, ContractAcceptance.Judgement judgement) {
        return (tx, now) -> {
            Optional<Outcome<Contract>> known = known(tx, contract);
            if (known.isPresent() || !acceptance.holds(tx, judgement)) {
                return Decision.answer(known);
            }
            Optional<Problem> conflict = unapproved(tx, contract).or(() -> Conflicts.find(tx, contract, now));
            if (conflict.isPresent()) {
                return Decision.answer(Optional.of(Outcome.refused(conflict.get())));
            }
            Instant ends = contract.endOf(now, ContractStore.replacedEnd(tx, contract));
            return Decision.append(
                    List.of(Draft.document(ContractProjection.CONTRACT, contract.json())),
                    position -> Optional.of(Outcome.accepted(inForce(contract, position, now, ends))));
        };
    }

    private static Optional<Problem> unapproved(Handle tx, ContractDocument contract) {
        String negotiation = Negotiation.idOf(contract.id());
        return ApprovalRules.missing(
                ApprovalStore.wanted(tx, negotiation), ApprovalStore.given(tx, negotiation, contract.hash()));
    }

    private static Contract inForce(ContractDocument document, long position, Instant accepted, Instant ends) {
        return new Contract(
                new ContractId(document.id()),
                position,
                document,
                new PartyId(document.buyer().orElseThrow()),
                new PartyId(document.curator().orElseThrow()),
                document.datasetVersion().orElseThrow(),
                accepted,
                ends,
                Optional.empty());
    }

    private static Optional<Outcome<Contract>> known(Handle tx, ContractDocument contract) {
        ContractId id = new ContractId(contract.id());
        return ContractStore.hash(tx, id).map(hash -> {
            if (hash.equals(contract.hash())) {
                return Outcome.repeated(ContractStore.find(tx, id).orElseThrow());
            }
            return Outcome.refused(Problem.conflict(
                    "contract/conflict",
                    "The id names another contract",
                    "contract " + id + " was accepted with other terms; they never change"));
        });
    }

    /**
     * Says everything that stands against a contract without accepting it.
     *
     * @return no findings where it would be accepted; refused with the reason of the form check
     */
    public Outcome<List<Finding>> verify(Json.Obj document) {
        try {
            ContractDocument contract = ContractDocument.parse(document);
            return Outcome.accepted(database.read(tx -> acceptance.judge(tx, contract, clock.instant()))
                    .findings());
        } catch (MalformedException e) {
            return Outcome.refused(malformed(e));
        }
    }

    /** A contract as a transaction sees it. */
    public Optional<Contract> find(Handle tx, ContractId id) {
        return ContractStore.find(tx, id);
    }

    /** A contract as last committed. */
    public Optional<Contract> find(ContractId id) {
        return database.read(tx -> ContractStore.find(tx, id));
    }

    /** Whether something new may be done under a contract at that moment; false for one that is not known. */
    public boolean live(Handle tx, ContractId id, Instant time) {
        return ContractStore.live(tx, id, time);
    }

    /** All contracts, in the order in which they were accepted. */
    public List<Contract> all(Handle tx) {
        return ContractStore.all(tx);
    }

    /**
     * Contracts that name a party as buyer, curator, signer or recipient, by id.
     *
     * @param after the {@code next} of the page before
     * @param limit 1 to {@value #MAX_PAGE}; values beyond are brought within
     */
    public Page<Contract> list(PartyId party, Optional<String> after, int limit) {
        return database.read(tx -> list(tx, party, after, limit));
    }

    /** A page like {@link #list(PartyId, Optional, int)}, as a transaction sees it. */
    public Page<Contract> list(Handle tx, PartyId party, Optional<String> after, int limit) {
        int size = Math.clamp(limit, 1, MAX_PAGE);
        List<Contract> found = ContractStore.ofParty(tx, party, after.orElse(""), size + 1);
        if (found.size() <= size) {
            return Page.last(found);
        }
        List<Contract> page = found.subList(0, size);
        return new Page<>(page, Optional.of(page.getLast().id().value()));
    }

    /** Whether a contract names a party as buyer, curator, signer or recipient. */
    public boolean names(Handle tx, ContractId id, PartyId party) {
        return ContractStore.names(tx, id, party);
    }

    /** Contracts revoked after a log position that would still run at a time, oldest first. */
    public List<RevokedContract> revokedAfter(Handle tx, long position, Instant endsAfter) {
        return ContractStore.revokedAfter(tx, position, endsAfter);
    }

    /** Log position of the last revocation of a contract; -1 where there was none. */
    public long lastRevocation(Handle tx) {
        return ContractStore.lastRevocation(tx);
    }

    /**
     * Ends a contract early: nothing new may be done under it from now on; what was done stays owed. Revoking again is a
     * repeat.
     *
     * @param by a party the contract names, or an operator
     * @param reason why; the log commits to it, so that it can be erased
     * @return refused {@code contract/unknown}, {@code contract/not-a-party}, {@code contract/reason}
     */
    public Outcome<Contract> revoke(Principal by, ContractId id, String reason) {
        if (reason.isBlank()
                || reason.length() > MAX_REASON
                || !DisplayText.of(reason).equals(reason)) {
            return Outcome.refused(Problem.invalid(
                    "contract/reason",
                    "No reason",
                    "a revocation has a reason of up to " + MAX_REASON + " printable characters"));
        }
        Words words = Words.of(by.id(), reason);
        return wording.keeping(words, () -> sequencer.execute(revocation(by, id, words)));
    }

    private static Command<Outcome<Contract>> revocation(Principal by, ContractId id, Words reason) {
        return (tx, now) -> {
            Optional<Contract> found = ContractStore.find(tx, id);
            if (found.isEmpty()) {
                return Decision.answer(Outcome.refused(
                        Problem.notFound("contract/unknown", "Unknown contract", "there is no contract " + id)));
            }
            if (by.role() != Role.OPERATOR && !ContractStore.names(tx, id, by.id())) {
                return Decision.answer(Outcome.refused(Problem.forbidden(
                        "contract/not-a-party", "Not a party", by.id() + " is no party to contract " + id)));
            }
            Contract contract = found.get();
            if (contract.revocation().isPresent()) {
                return Decision.answer(Outcome.repeated(contract));
            }
            return Decision.append(
                    List.of(Draft.document(
                            ContractProjection.REVOKED, ContractProjection.revokedBody(id, by.id(), reason))),
                    position -> Outcome.accepted(
                            revoked(contract, new Contract.Revocation(position, now, by.id(), reason.text()))));
        };
    }

    /**
     * Takes a mandate back: nothing signed under it is accepted from now on; what was accepted stays. A mandate is known
     * here only from what was signed under it, so one that was never used can be taken back too. Again is a repeat.
     *
     * @param creator who gave it
     * @param mandate its id
     */
    public Outcome<RevokedMandate> revokeMandate(Principal creator, String mandate) {
        return sequencer.execute((tx, now) -> {
            Optional<Instant> before = ContractStore.mandateRevoked(tx, creator.id(), mandate);
            if (before.isPresent()) {
                return Decision.answer(Outcome.repeated(new RevokedMandate(creator.id(), mandate, before.get())));
            }
            Json.Obj body = Json.object()
                    .put("creator", creator.id().value())
                    .put("mandate", mandate)
                    .build();
            return Decision.append(
                    List.of(Draft.document(ContractProjection.MANDATE_REVOKED, body)),
                    position -> Outcome.accepted(new RevokedMandate(creator.id(), mandate, now)));
        });
    }

    /**
     * Ends a contract with the notice it provides for. Again by the same party is a repeat.
     *
     * @param by its buyer or its curator
     * @param reason why; the log commits to it, so that it can be erased
     * @return refused {@code contract/unknown}, {@code contract/not-a-side}, {@code contract/reason}, {@code
     *     contract/not-live}, {@code contract/termination-not-agreed}, {@code contract/ends-sooner}
     */
    public Outcome<Notice> terminate(Principal by, ContractId id, String reason) {
        return declare(by, id, reason, Notice.Kind.TERMINATION);
    }

    /**
     * Tells the other side that it has broken the contract, which starts the time it has to mend that. The same breach
     * again is a repeat.
     *
     * @return refused as {@link #terminate}, or {@code contract/cure-not-agreed}
     */
    public Outcome<Notice> breach(Principal by, ContractId id, String reason) {
        return declare(by, id, reason, Notice.Kind.BREACH);
    }

    /**
     * Declares that exclusivity has ended because the buyer did not pay what keeps it.
     *
     * @param by its curator
     * @return refused as {@link #terminate}, or {@code contract/reversion-not-agreed}, {@code contract/reversion-too-early},
     *     {@code contract/not-the-curator}
     */
    public Outcome<Notice> revert(Principal by, ContractId id, String reason) {
        return declare(by, id, reason, Notice.Kind.REVERSION);
    }

    private Outcome<Notice> declare(Principal by, ContractId id, String reason, Notice.Kind kind) {
        Optional<Problem> unreadable = NoticeRules.unreadable(reason);
        if (unreadable.isPresent()) {
            return Outcome.refused(unreadable.get());
        }
        Words words = Words.of(by.id(), reason);
        NoticeRules rules = new NoticeRules(by, id, words);
        return wording.keeping(
                words,
                () -> sequencer.execute((tx, now) -> {
                    Optional<Contract> found = ContractStore.find(tx, id);
                    Optional<ExclusiveGrant> held = kind == Notice.Kind.REVERSION
                            ? found.flatMap(contract -> exclusivity(tx, contract, now))
                            : Optional.empty();
                    return rules.declare(kind, found, ContractStore.notices(tx, id), held, now);
                }));
    }

    private static Optional<ExclusiveGrant> exclusivity(Handle tx, Contract contract, Instant now) {
        return ContractStore.exclusive(tx, contract.document().dataset(), now).stream()
                .filter(grant -> grant.contract().id().equals(contract.id()))
                .findFirst();
    }

    /** Whether a party is buyer or curator of a contract, of whatever state, over a dataset version. */
    public boolean grants(Handle tx, PartyId party, Hash version) {
        return ContractStore.grants(tx, party, version);
    }

    /** Whether any contract over one of these dataset versions names a party. */
    public boolean namesAny(Handle tx, PartyId party, List<Hash> versions) {
        return ContractStore.namesAny(tx, party, versions);
    }

    /** What parties have declared about a contract, in order. */
    public List<Notice> notices(Handle tx, ContractId id) {
        return ContractStore.notices(tx, id);
    }

    private static Contract revoked(Contract contract, Contract.Revocation revocation) {
        return new Contract(
                contract.id(),
                contract.position(),
                contract.document(),
                contract.buyer(),
                contract.curator(),
                contract.datasetVersion(),
                contract.accepted(),
                contract.ends(),
                Optional.of(revocation));
    }

    private static Problem malformed(MalformedException e) {
        return Problem.invalid(e.reason(), title(e.reason()), e.detail());
    }

    private static Problem refusal(ContractId id, List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        findings.forEach(finding -> lines.add(finding.toString()));
        String missing = findings.stream()
                .filter(finding -> finding.reason().equals("contract/signature-missing"))
                .map(Finding::subject)
                .collect(Collectors.joining(", "));
        String reason = findings.getFirst().reason();
        Problem problem = Problem.invalid(
                        reason,
                        title(reason),
                        "contract " + id + " does not bind: "
                                + findings.getFirst().detail()
                                + (findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : ""))
                .with("findings", String.join("\n", lines));
        return missing.isEmpty() ? problem : problem.with("missing_signatures", missing);
    }

    private static String title(String reason) {
        String words = reason.substring(reason.indexOf('/') + 1).replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
