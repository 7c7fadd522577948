package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Finding;

/** Decides what may happen next in a negotiation. Pure decisions on what all earlier commands have left. */
final class NegotiationRules {
    private static final String MISSING = "contract/signature-missing";

    private final Handle tx;
    private final Instant now;
    private final PartyId by;

    NegotiationRules(Handle tx, Instant now, PartyId by) {
        this.tx = tx;
        this.now = now;
        this.by = by;
    }

    /** A refused decision. */
    static <R> Decision<Outcome<R>> refused(String type, String detail) {
        return Decision.answer(Outcome.refused(Problem.conflict(type, "Not in this negotiation", detail)));
    }

    static Decision<Outcome<String>> superseded(Negotiation negotiation, int version) {
        return refused(
                "negotiation/superseded",
                "version " + version + " is not the one that stands; that is "
                        + negotiation.current().version());
    }

    Decision<Outcome<String>> open(OfferDraft offering) {
        ContractDocument document = offering.document();
        String id = offering.negotiation();
        Optional<Negotiation> known = NegotiationStore.find(tx, id);
        if (known.isPresent()) {
            Negotiation.Offer first = known.get().offers().getFirst();
            boolean same = first.document().hash().equals(document.hash())
                    && first.by().equals(by);
            return same
                    ? Decision.answer(Outcome.repeated(id))
                    : refused("negotiation/exists", "contract " + document.id() + " is being negotiated already");
        }
        if (ContractStore.hash(tx, new ContractId(document.id())).isPresent()) {
            return refused("contract/conflict", "contract " + document.id() + " was accepted before");
        }
        return sided(document.buyer(), document.curator(), () -> append(offering, 1));
    }

    Decision<Outcome<String>> counter(OfferDraft offering, int answers) {
        Optional<Negotiation> found = NegotiationStore.find(tx, offering.negotiation());
        Optional<Decision<Outcome<String>>> stopped = stopped(found, offering.negotiation(), answers);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        Negotiation negotiation = found.orElseThrow();
        ContractDocument document = offering.document();
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
                () -> append(offering, negotiation.current().version() + 1));
    }

    private Optional<Decision<Outcome<String>>> stopped(Optional<Negotiation> found, String id, int version) {
        if (found.isEmpty()) {
            return Optional.of(Decision.answer(Outcome.refused(
                    Problem.notFound("negotiation/unknown", "Unknown negotiation", "there is no negotiation " + id))));
        }
        Negotiation negotiation = found.get();
        if (negotiation.state().over()) {
            return Optional.of(refused("negotiation/over", "negotiation " + id + " is " + negotiation.state()));
        }
        if (negotiation.current().version() != version) {
            return Optional.of(superseded(negotiation, version));
        }
        return Optional.empty();
    }

    private Decision<Outcome<String>> sided(
            Optional<String> buyer,
            Optional<String> curator,
            java.util.function.Supplier<Decision<Outcome<String>>> then) {
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

    private Decision<Outcome<String>> append(OfferDraft offering, int version) {
        if (offering.expires().filter(at -> !at.isAfter(now)).isPresent()) {
            return refused("negotiation/offer-expired", "the offer expires before it is made");
        }
        Json.Builder body = Json.object()
                .put("negotiation", offering.negotiation())
                .put("state", offered(offering.document()).name())
                .put("version", version)
                .put("by", by.value())
                .put("message", offering.message())
                .put("document", offering.document().json());
        offering.expires().ifPresent(at -> body.put("expires", at));
        return Decision.append(
                List.of(Draft.document(NegotiationProjection.OFFER, body.build())),
                position -> Outcome.accepted(offering.negotiation()));
    }

    private Negotiation.State offered(ContractDocument document) {
        boolean buyers = document.buyer().filter(by.value()::equals).isPresent();
        return buyers ? Negotiation.State.REQUESTED : Negotiation.State.OFFERED;
    }

    /** A signature under the version that stands; with the last one that is needed, the contract comes into force. */
    Decision<Outcome<String>> sign(
            String id, int version, PartyId party, Json.Obj signature, ContractAcceptance acceptance) {
        Optional<Negotiation> found = NegotiationStore.find(tx, id);
        List<Json> all = new ArrayList<>(NegotiationStore.signatures(tx, id, version));
        if (found.isPresent() && all.contains(signature)) {
            return Decision.answer(Outcome.repeated(id));
        }
        Optional<Decision<Outcome<String>>> stopped = stopped(found, id, version);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        Negotiation negotiation = found.orElseThrow();
        Negotiation.Offer offer = negotiation.current();
        if (offer.expires().filter(at -> !now.isBefore(at)).isPresent()) {
            return refused(
                    "negotiation/offer-expired",
                    "the offer could be signed until " + offer.expires().get());
        }
        if (offer.signed().contains(party)) {
            return refused("negotiation/signed-already", party + " has signed this version already");
        }
        Optional<Problem> unapproved =
                party.equals(negotiation.buyer()) ? ApprovalRules.missing(tx, offer.document()) : Optional.empty();
        if (unapproved.isPresent()) {
            return Decision.answer(Outcome.refused(unapproved.get()));
        }
        ContractDocument alone = with(offer.document(), List.of(signature));
        List<Finding> wrong = acceptance.judge(tx, alone, now).findings().stream()
                .filter(finding -> !finding.reason().equals(MISSING))
                .toList();
        if (!wrong.isEmpty()) {
            Finding first = wrong.getFirst();
            return Decision.answer(
                    Outcome.refused(Problem.invalid(first.reason(), "Cannot be signed so", first.detail())));
        }
        all.add(signature);
        ContractDocument whole = with(offer.document(), all);
        boolean complete = acceptance.judge(tx, whole, now).findings().isEmpty();
        Optional<Problem> conflict = complete ? conflict(whole) : Optional.empty();
        if (conflict.isPresent()) {
            return Decision.answer(Outcome.refused(conflict.get()));
        }
        List<Draft> drafts = new ArrayList<>();
        drafts.add(Draft.document(
                NegotiationProjection.SIGNATURE,
                Json.object()
                        .put("negotiation", id)
                        .put("state", after(negotiation, party, complete).name())
                        .put("version", version)
                        .put("signature", signature)
                        .build()));
        if (complete) {
            drafts.add(Draft.document(ContractProjection.CONTRACT, whole.json()));
        }
        return Decision.append(drafts, position -> Outcome.accepted(id));
    }

    /** What keeps the whole from coming into force; it may also have been brought by another way meanwhile. */
    private Optional<Problem> conflict(ContractDocument whole) {
        if (ContractStore.hash(tx, new ContractId(whole.id())).isPresent()) {
            return Optional.of(Problem.conflict(
                    "contract/conflict", "Accepted meanwhile", "contract " + whole.id() + " was accepted before"));
        }
        return Conflicts.find(tx, whole, now);
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

    private static ContractDocument with(ContractDocument document, List<Json> signatures) {
        return ContractDocument.parse(document.json().with("signatures", Json.array(signatures)));
    }

    Decision<Outcome<String>> terminate(String id, String reason) {
        Optional<Negotiation> found = NegotiationStore.find(tx, id);
        if (found.isEmpty()) {
            return stopped(found, id, 0).orElseThrow();
        }
        Negotiation negotiation = found.get();
        if (negotiation.state() == Negotiation.State.TERMINATED) {
            return Decision.answer(Outcome.repeated(id));
        }
        if (negotiation.state().over()) {
            return stopped(found, id, 0).orElseThrow();
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
                                        .put("reason", reason)
                                        .build())),
                        position -> Outcome.accepted(id)));
    }
}
