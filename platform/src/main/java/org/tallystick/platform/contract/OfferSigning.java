package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Finding;

/**
 * One signature under the version of a negotiation that stands. It is checked by itself, before its turn in the log comes:
 * those under the version were checked when they came. All together are checked once, when the last that is needed comes.
 * With its turn only what may have changed meanwhile is looked at, so that the signatures of N creators take N checks and the
 * one thread that orders everything makes none of them.
 *
 * @param by who brings it
 * @param version the version signed
 * @param party whose signature it is
 */
record OfferSigning(PartyId by, String id, int version, PartyId party, Json.Obj signature) {

    /**
     * What was found before its turn.
     *
     * @param judgement of the terms with this signature alone, or with all where they are complete
     * @param wrong what stands against the signature
     * @param others who else must sign
     * @param signed who had signed
     * @param whole the terms with all signatures, where these are all that are needed and nothing stands against them
     */
    record Judged(
            ContractAcceptance.Judgement judgement,
            Optional<Finding> wrong,
            Set<String> others,
            List<Json> signed,
            Optional<ContractDocument> whole) {}

    /** Checks the signature; empty where there is no such version to sign, which its turn will say by name. */
    Optional<Judged> judge(Handle tx, ContractAcceptance acceptance, Instant now) {
        Optional<ContractDocument> terms = NegotiationStore.find(tx, id)
                .map(Negotiation::current)
                .filter(offer -> offer.version() == version)
                .map(Negotiation.Offer::document);
        return terms.map(document -> judge(tx, acceptance, document, now));
    }

    private Judged judge(Handle tx, ContractAcceptance acceptance, ContractDocument terms, Instant now) {
        ContractAcceptance.Judgement alone = acceptance.judge(tx, with(terms, List.of(signature)), now);
        Set<String> others = alone.findings().stream()
                .filter(NegotiationRules::isMissing)
                .map(Finding::subject)
                .collect(Collectors.toSet());
        Optional<Finding> wrong = alone.findings().stream()
                .filter(finding -> !NegotiationRules.isMissing(finding))
                .findFirst();
        List<Json> signed = NegotiationStore.signatures(tx, id, version);
        Set<String> before = parties(signed);
        if (wrong.isPresent() || before.contains(party.value()) || !before.containsAll(others)) {
            return new Judged(alone, wrong, others, signed, Optional.empty());
        }
        List<Json> all = new ArrayList<>(signed);
        all.add(signature);
        ContractDocument document = with(terms, all);
        ContractAcceptance.Judgement together = acceptance.judge(tx, document, now);
        return new Judged(
                together,
                wrong,
                others,
                signed,
                Optional.of(document).filter(whole -> together.findings().isEmpty()));
    }

    /** Takes the signature in its turn; empty where what was found no longer holds and is to be found anew. */
    Decision<Optional<Outcome<String>>> take(
            Handle tx, Instant now, ContractAcceptance acceptance, Optional<Judged> found) {
        List<Json> signed = NegotiationStore.signatures(tx, id, version);
        Optional<Negotiation> negotiation = NegotiationStore.find(tx, id);
        Optional<Decision<Outcome<String>>> refused =
                new NegotiationRules(now, by).signing(id, negotiation, version, party, signature, signed);
        if (refused.isPresent()) {
            return refused.get().map(Optional::of);
        }
        if (found.isEmpty() || !acceptance.holds(tx, found.get().judgement()) || !stillSo(found.get(), signed)) {
            return Decision.answer(Optional.empty());
        }
        Judged judged = found.get();
        Optional<Problem> problem = judged.wrong()
                .map(NegotiationRules::wrong)
                .or(() -> judged.whole().flatMap(whole -> conflict(tx, whole, now)));
        Decision<Outcome<String>> decision = problem.isPresent()
                ? Decision.answer(Outcome.refused(problem.get()))
                : NegotiationRules.signed(negotiation.orElseThrow(), party, signature, judged.whole());
        return decision.map(Optional::of);
    }

    /** Whether the signatures are still all that are needed, or still not all, and in the first case the same. */
    private static boolean stillSo(Judged judged, List<Json> signed) {
        return parties(judged.signed()).containsAll(judged.others())
                ? judged.signed().equals(signed)
                : !parties(signed).containsAll(judged.others());
    }

    private static Set<String> parties(List<Json> signatures) {
        return signatures.stream()
                .map(each -> Fields.of(each, "signature").text("party"))
                .collect(Collectors.toSet());
    }

    private static ContractDocument with(ContractDocument document, List<Json> signatures) {
        return ContractDocument.parse(document.json().with("signatures", Json.array(signatures)));
    }

    /** What keeps the whole from coming into force; it may also have been brought by another way meanwhile. */
    private static Optional<Problem> conflict(Handle tx, ContractDocument whole, Instant now) {
        return ContractStore.hash(tx, new ContractId(whole.id())).isPresent()
                ? Optional.of(NegotiationRules.acceptedMeanwhile(whole))
                : Conflicts.find(tx, whole, now);
    }
}
