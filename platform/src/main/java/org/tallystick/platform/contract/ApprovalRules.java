package org.tallystick.platform.contract;

import java.util.List;
import java.util.Optional;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractApproval;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Finding;

/** Decides on the approvals inside a buyer's organisation: pure, over the negotiation as it was loaded. */
final class ApprovalRules {
    private final PartyId by;

    ApprovalRules(PartyId by) {
        this.by = by;
    }

    /**
     * What keeps a buyer's signature from counting yet.
     *
     * @param wanted what the buyer asked for, if anything
     * @param given who has approved these very terms
     */
    static Optional<Problem> missing(Optional<Approvals> wanted, List<String> given) {
        int missing = wanted.map(approvals -> approvals.needed() - given.size()).orElse(0);
        return missing <= 0
                ? Optional.empty()
                : Optional.of(Problem.conflict(
                        "approval/missing",
                        "Not approved yet",
                        "the buyer's own approvers have still to approve these terms: " + missing + " more"));
    }

    /** Decided once for a whole negotiation: who could change it later would not need to ask anybody. */
    Decision<Outcome<String>> want(String id, Optional<Negotiation> found, Approvals approvals) {
        Optional<Decision<Outcome<String>>> stopped = stopped(found, id);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        Optional<Approvals> before = found.orElseThrow().approvals();
        if (before.isPresent()) {
            return before.get().equals(approvals)
                    ? Decision.answer(Outcome.repeated(id))
                    : NegotiationRefusals.refused(
                            "approval/wanted-already", "who must approve was said before, and stays");
        }
        if (found.orElseThrow().current().signed().contains(by)) {
            return NegotiationRefusals.refused("approval/too-late", by + " has signed this version already");
        }
        List<Json.Obj> approvers = approvals.approvers().entrySet().stream()
                .map(approver -> Json.object()
                        .put("approver", approver.getKey())
                        .put("key", approver.getValue().toString())
                        .build())
                .toList();
        Json.Obj body = Json.object()
                .put("negotiation", id)
                .put("needed", approvals.needed())
                .put("approvers", Json.array(approvers))
                .build();
        return Decision.append(
                List.of(Draft.document(NegotiationProjection.APPROVERS, body)), position -> Outcome.accepted(id));
    }

    Decision<Outcome<String>> approve(
            String id, Optional<Negotiation> found, int version, ContractApproval approval, Verifier verifier) {
        Optional<Decision<Outcome<String>>> stopped = stopped(found, id);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        Negotiation negotiation = found.orElseThrow();
        if (negotiation.current().version() != version) {
            return NegotiationRefusals.superseded(negotiation, version);
        }
        if (negotiation.approvals().isEmpty()) {
            return NegotiationRefusals.refused("approval/not-wanted", "the buyer has asked for no approvals");
        }
        ContractDocument terms = negotiation.current().document();
        Optional<Finding> wrong =
                approval.verify(terms, negotiation.approvals().get().approvers(), verifier);
        if (wrong.isPresent()) {
            return Decision.answer(Outcome.refused(Problem.invalid(
                    wrong.get().reason(), "No approval", wrong.get().detail())));
        }
        if (negotiation.current().approved().contains(approval.approver())) {
            return Decision.answer(Outcome.repeated(id));
        }
        Json.Obj body = Json.object()
                .put("negotiation", id)
                .put("hash", terms.hash().hex())
                .put("approval", approval.json())
                .build();
        return Decision.append(
                List.of(Draft.document(NegotiationProjection.APPROVAL, body)), position -> Outcome.accepted(id));
    }

    private Optional<Decision<Outcome<String>>> stopped(Optional<Negotiation> found, String id) {
        if (found.isEmpty()) {
            return Optional.of(NegotiationRefusals.unknown(id));
        }
        Negotiation negotiation = found.get();
        if (!negotiation.buyer().equals(by)) {
            return Optional.of(Decision.answer(Outcome.refused(Problem.forbidden(
                    "approval/not-the-buyer", "Not the buyer", "approvals are the buyer's own affair"))));
        }
        return negotiation.state().over() ? Optional.of(NegotiationRefusals.over(negotiation)) : Optional.empty();
    }
}
