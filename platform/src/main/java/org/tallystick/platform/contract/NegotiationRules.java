package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Finding;

/** Decides what may happen next in a negotiation: pure, over what the caller has loaded. */
final class NegotiationRules {
    private static final String MISSING = "contract/signature-missing";

    private final Instant now;
    private final PartyId by;

    NegotiationRules(Instant now, PartyId by) {
        this.now = now;
        this.by = by;
    }

    private static Decision<Outcome<String>> refused(String type, String detail) {
        return NegotiationRefusals.refused(type, detail);
    }

    /**
     * A first offer.
     *
     * @param known the negotiation about this contract, if there is one
     * @param accepted whether there is a contract of this id already
     */
    Decision<Outcome<String>> open(OfferDraft draft, Optional<Negotiation> known, boolean accepted) {
        ContractDocument document = draft.document();
        String id = draft.negotiation();
        if (known.isPresent()) {
            Negotiation.Offer first = known.get().offers().getFirst();
            boolean same = first.document().hash().equals(document.hash())
                    && first.by().equals(by);
            return same
                    ? Decision.answer(Outcome.repeated(id))
                    : refused("negotiation/exists", "contract " + document.id() + " is being negotiated already");
        }
        if (accepted) {
            return refused("contract/conflict", "contract " + document.id() + " was accepted before");
        }
        return sided(document.buyer(), document.curator(), () -> append(draft, 1));
    }

    /**
     * An offer in answer to the one that stands.
     *
     * @param answers the version it answers
     */
    Decision<Outcome<String>> counter(OfferDraft draft, Optional<Negotiation> found, int answers) {
        Optional<Decision<Outcome<String>>> stopped = stopped(found, draft.negotiation(), answers);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        Negotiation negotiation = found.orElseThrow();
        ContractDocument document = draft.document();
        ContractDocument before = negotiation.current().document();
        boolean sameDeal = document.id().equals(before.id())
                && document.buyer().equals(before.buyer())
                && document.curator().equals(before.curator())
                && document.dataset().equals(before.dataset());
        if (!sameDeal) {
            return refused("negotiation/other-deal", "id, dataset, buyer and curator stay what they were");
        }
        if (document.hash().equals(before.hash())) {
            return refused("negotiation/no-change", "the offer says what the one before says; sign that one");
        }
        if (!negotiation.state().next().contains(offered(document))) {
            return negotiation.state() == Negotiation.State.AGREED
                    ? refused("negotiation/agreed", "both sides have signed; only creators have still to")
                    : refused("negotiation/accepted", "the buyer has signed this version: sign it or break off");
        }
        return sided(
                document.buyer(),
                document.curator(),
                () -> append(draft, negotiation.current().version() + 1));
    }

    private static Optional<Decision<Outcome<String>>> stopped(Optional<Negotiation> found, String id, int version) {
        if (found.isEmpty()) {
            return Optional.of(NegotiationRefusals.unknown(id));
        }
        Negotiation negotiation = found.get();
        if (negotiation.state().over()) {
            return Optional.of(NegotiationRefusals.over(negotiation));
        }
        return negotiation.current().version() == version
                ? Optional.empty()
                : Optional.of(NegotiationRefusals.superseded(negotiation, version));
    }

    private Decision<Outcome<String>> sided(
            Optional<String> buyer, Optional<String> curator, Supplier<Decision<Outcome<String>>> then) {
        if (buyer.isEmpty() || curator.isEmpty()) {
            return Decision.answer(Outcome.refused(Problem.invalid(
                    "negotiation/side-missing", "Side missing", "an offer names its buyerId and its curatorId")));
        }
        if (!by.value().equals(buyer.get()) && !by.value().equals(curator.get())) {
            return Decision.answer(Outcome.refused(Problem.forbidden(
                    "negotiation/not-a-side", "Not a side", by + " is neither buyer nor curator of this contract")));
        }
        return then.get();
    }

    private Decision<Outcome<String>> append(OfferDraft draft, int version) {
        if (draft.expires().filter(at -> !at.isAfter(now)).isPresent()) {
            return refused("negotiation/offer-expired", "the offer expires before it is made");
        }
        Json.Builder body = Json.object()
                .put("negotiation", draft.negotiation())
                .put("state", offered(draft.document()).name())
                .put("version", version)
                .put("by", by.value())
                .put("message", draft.message().json())
                .put("document", draft.document().json());
        draft.expires().ifPresent(at -> body.put("expires", at));
        return Decision.append(
                List.of(Draft.document(NegotiationProjection.OFFER, body.build())),
                position -> Outcome.accepted(draft.negotiation()));
    }

    private Negotiation.State offered(ContractDocument document) {
        boolean buyers = document.buyer().filter(by.value()::equals).isPresent();
        return buyers ? Negotiation.State.REQUESTED : Negotiation.State.OFFERED;
    }

    /**
     * What keeps a party from signing the version that stands, whatever its signature is worth; a repeat where it is there
     * already.
     *
     * @param before the signatures under that version
     */
    Optional<Decision<Outcome<String>>> signing(
            String id, Optional<Negotiation> found, int version, PartyId party, Json.Obj signature, List<Json> before) {
        if (found.isPresent() && before.contains(signature)) {
            return Optional.of(Decision.answer(Outcome.repeated(id)));
        }
        Optional<Decision<Outcome<String>>> stopped = stopped(found, id, version);
        if (stopped.isPresent()) {
            return stopped;
        }
        Negotiation negotiation = found.orElseThrow();
        Negotiation.Offer offer = negotiation.current();
        if (offer.expires().filter(at -> !now.isBefore(at)).isPresent()) {
            return Optional.of(refused(
                    "negotiation/offer-expired",
                    "the offer could be signed until " + offer.expires().get()));
        }
        if (offer.signed().contains(party)) {
            return Optional.of(refused("negotiation/signed-already", party + " has signed this version already"));
        }
        return party.equals(negotiation.buyer())
                ? ApprovalRules.missing(negotiation.approvals(), offer.approved())
                        .map(problem -> Decision.answer(Outcome.refused(problem)))
                : Optional.empty();
    }

    /** Whether a finding says no more than that somebody else must sign too. */
    static boolean isMissing(Finding finding) {
        return finding.reason().equals(MISSING);
    }

    /** The refusal of a signature against which a finding stands. */
    static Problem wrong(Finding finding) {
        return Problem.invalid(finding.reason(), "Cannot be signed so", finding.detail());
    }

    /** What keeps a contract that all have signed from coming into force, where one of its id has been accepted before. */
    static Problem acceptedMeanwhile(ContractDocument whole) {
        return Problem.conflict(
                "contract/conflict", "Accepted meanwhile", "contract " + whole.id() + " was accepted before");
    }

    /**
     * Takes a signature; with the last that is needed, the contract comes into force.
     *
     * @param whole the terms with all signatures, where these are all that are needed
     */
    static Decision<Outcome<String>> signed(
            Negotiation negotiation, PartyId party, Json.Obj signature, Optional<ContractDocument> whole) {
        List<Draft> drafts = new ArrayList<>();
        drafts.add(Draft.document(
                NegotiationProjection.SIGNATURE,
                Json.object()
                        .put("negotiation", negotiation.id())
                        .put(
                                "state",
                                after(negotiation, party, whole.isPresent()).name())
                        .put("version", negotiation.current().version())
                        .put("signature", signature)
                        .build()));
        whole.ifPresent(document -> drafts.add(Draft.document(ContractProjection.CONTRACT, document.json())));
        return Decision.append(drafts, position -> Outcome.accepted(negotiation.id()));
    }

    private static Negotiation.State after(Negotiation negotiation, PartyId party, boolean complete) {
        if (complete) {
            return Negotiation.State.VERIFIED;
        }
        List<PartyId> signed = new ArrayList<>(negotiation.current().signed());
        signed.add(party);
        boolean buyer = signed.contains(negotiation.buyer());
        if (buyer && signed.contains(negotiation.curator())) {
            return Negotiation.State.AGREED;
        }
        return buyer ? Negotiation.State.ACCEPTED : negotiation.state();
    }

    /** One side breaks off. */
    Decision<Outcome<String>> terminate(String id, Optional<Negotiation> found, Words reason) {
        if (found.isEmpty()) {
            return NegotiationRefusals.unknown(id);
        }
        Negotiation negotiation = found.get();
        if (negotiation.state() == Negotiation.State.TERMINATED) {
            return Decision.answer(Outcome.repeated(id));
        }
        if (negotiation.state().over()) {
            return NegotiationRefusals.over(negotiation);
        }
        return sided(
                Optional.of(negotiation.buyer().value()),
                Optional.of(negotiation.curator().value()),
                () -> Decision.append(
                        List.of(Draft.document(
                                NegotiationProjection.TERMINATED,
                                Json.object()
                                        .put("negotiation", id)
                                        .put("state", Negotiation.State.TERMINATED.name())
                                        .put("by", by.value())
                                        .put("reason", reason.json())
                                        .build())),
                        position -> Outcome.accepted(id)));
    }
}
