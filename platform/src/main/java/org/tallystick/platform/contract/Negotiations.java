package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.log.Words;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractApproval;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Finding;
import org.tallystick.protocol.terms.Mandate;

/**
 * Offers and counter-offers until everyone has signed the same bytes or somebody breaks off. Every version is kept. Safe
 * from any thread; of several who answer the same version at once, the first to be ordered wins and the others are told
 * that it has been superseded.
 */
public final class Negotiations {
    /** Longest message beside an offer, in characters. */
    public static final int MAX_MESSAGE = 2_000;

    /** How often a signature is checked anew where others come in between. */
    private static final int ATTEMPTS = 8;

    private final Database database;
    private final Sequencer sequencer;
    private final ContractAcceptance acceptance;
    private final Verifier verifier;
    private final Wording wording;

    public Negotiations(Database database, Sequencer sequencer, Parties parties, Catalog catalog, Verifier verifier) {
        this.database = database;
        this.sequencer = sequencer;
        this.acceptance = new ContractAcceptance(parties, catalog, verifier);
        this.verifier = verifier;
        this.wording = new Wording(database);
    }

    /**
     * Opens a negotiation with a first offer.
     *
     * @param by the buyer or the curator the document names
     * @param document its signatures, if it has any, are left out: they are given one by one
     * @param expires first moment at which it can no longer be signed
     * @return refused {@code negotiation/exists}, {@code negotiation/not-a-side}, {@code negotiation/side-missing}, {@code
     *     negotiation/offer-expired}, {@code negotiation/message}, {@code contract/conflict}, {@code contract/text-…} or the
     *     reason of the form check; a repeat of the same first offer succeeds
     */
    public Outcome<Negotiation> open(Principal by, Json.Obj document, String message, Optional<Instant> expires) {
        return draft(document, Words.of(by.id(), message), expires)
                .flatMap(draft -> wording.keeping(
                        draft.message(),
                        () -> sequencer.execute((tx, now) -> new NegotiationRules(now, by.id())
                                .open(
                                        draft,
                                        NegotiationStore.find(tx, draft.negotiation()),
                                        isAccepted(tx, draft.document())))))
                .map(this::reload);
    }

    /**
     * Answers the version that stands with another.
     *
     * @param answers the version answered
     * @return refused as {@link #open}, or {@code negotiation/superseded}, {@code negotiation/over}, {@code
     *     negotiation/agreed}, {@code negotiation/other-deal}, {@code negotiation/no-change}, {@code negotiation/unknown}
     */
    public Outcome<Negotiation> counter(
            Principal by, String id, int answers, Json.Obj document, String message, Optional<Instant> expires) {
        return draft(document, Words.of(by.id(), message), expires).flatMap(draft -> {
            if (!draft.negotiation().equals(id)) {
                return Outcome.refused(Problem.conflict(
                        "negotiation/other-deal", "Another deal", "negotiation " + id + " is about another contract"));
            }
            return wording.keeping(
                            draft.message(),
                            () -> sequencer.execute((tx, now) -> new NegotiationRules(now, by.id())
                                    .counter(draft, NegotiationStore.find(tx, id), answers)))
                    .map(this::reload);
        });
    }

    /**
     * Signs the version that stands. With the last signature that is needed the contract comes into force in the same
     * moment.
     *
     * @param signature as a contract holds it, of the caller itself or of a creator that has given the caller a mandate
     * @return refused {@code negotiation/superseded}, {@code negotiation/offer-expired}, {@code negotiation/over}, {@code
     *     negotiation/signed-already}, {@code negotiation/not-yours}, {@code negotiation/unknown}, {@code
     *     approval/missing}, or what stands against the signature ({@code contract/signature-…}, {@code
     *     contract/mandate-…}) or the contract; the same signature again is a repeat
     */
    public Outcome<Negotiation> sign(Principal by, String id, int version, Json.Obj signature) {
        try {
            Fields fields = Fields.of(signature, "signature");
            String party = fields.text("party");
            String signer = fields.optionalFields("mandate")
                    .map(mandate -> Mandate.parse(mandate.object()).agent())
                    .orElse(party);
            if (!signer.equals(by.id().value())) {
                return Outcome.refused(Problem.forbidden(
                        "negotiation/not-yours",
                        "Not yours",
                        "a party signs for itself, or for a creator that has given it a mandate"));
            }
            return sign(new OfferSigning(by.id(), id, version, new PartyId(party), signature))
                    .map(this::reload);
        } catch (MalformedException e) {
            return Outcome.refused(Problem.invalid(e.reason(), "Malformed signature", e.detail()));
        }
    }

    private Outcome<String> sign(OfferSigning signing) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<OfferSigning.Judged> judged = database.read(tx -> signing.judge(tx, acceptance, database.now()));
            Optional<Outcome<String>> outcome =
                    sequencer.execute((tx, now) -> signing.take(tx, now, acceptance, judged));
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return Outcome.refused(Problem.unavailable(
                "negotiation/changing",
                "The offer is changing",
                "signatures and keys keep changing while this signature is checked; send it again"));
    }

    private static boolean isAccepted(Handle tx, ContractDocument document) {
        return ContractStore.hash(tx, new ContractId(document.id())).isPresent();
    }

    /**
     * Says who inside the buyer's organisation must approve before its signature counts. Once for the negotiation: the
     * same again is a repeat.
     *
     * @return refused {@code approval/not-the-buyer}, {@code approval/wanted-already}, {@code approval/too-late}, {@code
     *     negotiation/unknown}, {@code negotiation/over}
     */
    public Outcome<Negotiation> wantApprovals(Principal by, String id, Approvals approvals) {
        return sequencer
                .execute((tx, now) -> new ApprovalRules(by.id()).want(id, NegotiationStore.find(tx, id), approvals))
                .map(this::reload);
    }

    /**
     * Hands in an approval of the version that stands. It goes for these terms only; the same approver again is a repeat.
     *
     * @param by the buyer
     * @return refused {@code approval/…}, {@code negotiation/unknown}, {@code negotiation/over}, {@code
     *     negotiation/superseded}
     */
    public Outcome<Negotiation> approve(Principal by, String id, int version, ContractApproval approval) {
        return sequencer
                .execute((tx, now) -> new ApprovalRules(by.id())
                        .approve(id, NegotiationStore.find(tx, id), version, approval, verifier))
                .map(this::reload);
    }

    /**
     * Breaks off; again is a repeat.
     *
     * @param reason why; the log commits to it, so that it can be erased
     * @return refused {@code negotiation/unknown}, {@code negotiation/over}, {@code negotiation/not-a-side}, {@code
     *     negotiation/message}
     */
    public Outcome<Negotiation> terminate(Principal by, String id, String reason) {
        Optional<Problem> objection = objection(reason, false);
        if (objection.isPresent()) {
            return Outcome.refused(objection.get());
        }
        Words words = Words.of(by.id(), reason);
        return wording.keeping(
                        words,
                        () -> sequencer.execute((tx, now) ->
                                new NegotiationRules(now, by.id()).terminate(id, NegotiationStore.find(tx, id), words)))
                .map(this::reload);
    }

    /** A negotiation as last committed. */
    public Optional<Negotiation> find(String id) {
        return database.read(tx -> NegotiationStore.find(tx, id));
    }

    private Negotiation reload(String id) {
        return find(id).orElseThrow();
    }

    private static Outcome<OfferDraft> draft(Json.Obj json, Words message, Optional<Instant> expires) {
        Optional<Problem> objection = objection(message.text(), true);
        if (objection.isPresent()) {
            return Outcome.refused(objection.get());
        }
        try {
            ContractDocument document = ContractDocument.parse(json.without("signatures"));
            List<Finding> findings = PrintedContract.findings(document);
            if (!findings.isEmpty()) {
                Finding first = findings.getFirst();
                return Outcome.refused(Problem.invalid(first.reason(), "Other words", first.detail()));
            }
            return Outcome.accepted(new OfferDraft(document, message, expires));
        } catch (MalformedException e) {
            return Outcome.refused(Problem.invalid(e.reason(), "Malformed contract", e.detail()));
        }
    }

    private static Optional<Problem> objection(String text, boolean mayBeEmpty) {
        boolean well =
                text.length() <= MAX_MESSAGE && DisplayText.of(text).equals(text) && (mayBeEmpty || !text.isBlank());
        return well
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "negotiation/message",
                        "Unreadable message",
                        "a message has up to " + MAX_MESSAGE + " printable characters"));
    }
}
