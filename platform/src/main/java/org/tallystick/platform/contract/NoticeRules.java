package org.tallystick.platform.contract;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Words;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.RiskTerm;
import org.tallystick.protocol.terms.UseTerm;

/** Decides on what parties declare about a contract in force: pure, over what the caller has loaded. */
final class NoticeRules {
    static final String TYPE = "contract-notice";

    private final Principal by;
    private final ContractId id;
    private final Words reason;

    NoticeRules(Principal by, ContractId id, Words reason) {
        this.by = by;
        this.id = id;
        this.reason = reason;
    }

    /**
     * A notice of one kind.
     *
     * @param notices what has been declared about the contract before
     * @param held the exclusivity the contract has, needed for {@link Notice.Kind#REVERSION} only
     */
    Decision<Outcome<Notice>> declare(
            Notice.Kind kind,
            Optional<Contract> found,
            List<Notice> notices,
            Optional<ExclusiveGrant> held,
            Instant now) {
        Optional<Problem> objection = objection(found);
        if (objection.isPresent()) {
            return Decision.answer(Outcome.refused(objection.get()));
        }
        Contract contract = found.orElseThrow();
        Optional<Notice> before = notices.stream()
                .filter(notice -> notice.kind() == kind
                        && notice.by().equals(by.id())
                        && (kind != Notice.Kind.BREACH || notice.reason().equals(reason.text())))
                .findFirst();
        if (before.isPresent()) {
            return Decision.answer(Outcome.repeated(before.get()));
        }
        if (!contract.liveAt(now)) {
            return refused("contract/not-live", "contract " + id + " is no longer in force");
        }
        return switch (kind) {
            case TERMINATION -> termination(contract, now);
            case BREACH -> breach(contract, now);
            case REVERSION -> reversion(contract, held, now);
        };
    }

    /** What stands against a reason as a text. */
    static Optional<Problem> unreadable(String reason) {
        boolean printable = !reason.isBlank()
                && reason.length() <= Contract.MAX_REASON
                && DisplayText.of(reason).equals(reason);
        return printable
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "contract/reason",
                        "No reason",
                        "a notice has a reason of up to " + Contract.MAX_REASON + " printable characters"));
    }

    private Optional<Problem> objection(Optional<Contract> found) {
        if (found.isEmpty()) {
            return Optional.of(Problem.notFound("contract/unknown", "Unknown contract", "there is no contract " + id));
        }
        Contract contract = found.get();
        if (!by.id().equals(contract.buyer()) && !by.id().equals(contract.curator())) {
            return Optional.of(Problem.forbidden(
                    "contract/not-a-side",
                    "Neither buyer nor curator",
                    by.id() + " is neither the buyer nor the curator of contract " + id));
        }
        return Optional.empty();
    }

    private Decision<Outcome<Notice>> termination(Contract contract, Instant now) {
        Optional<Period> notice =
                contract.document().terms().find(RiskTerm.Termination.class).flatMap(RiskTerm.Termination::notice);
        if (notice.isEmpty()) {
            return refused(
                    "contract/termination-not-agreed", "contract " + id + " cannot be ended early without a reason");
        }
        Instant ends = after(now, notice.get());
        if (!ends.isBefore(contract.ends())) {
            return refused("contract/ends-sooner", "contract " + id + " ends at " + contract.ends() + " anyway");
        }
        return append(Notice.Kind.TERMINATION, now, ends);
    }

    private Decision<Outcome<Notice>> breach(Contract contract, Instant now) {
        return contract.document()
                .terms()
                .find(RiskTerm.Termination.class)
                .map(term -> append(Notice.Kind.BREACH, now, after(now, term.cure())))
                .orElseGet(() -> refused(
                        "contract/cure-not-agreed",
                        "contract " + id + " does not say how long a breach may be mended"));
    }

    private Decision<Outcome<Notice>> reversion(Contract contract, Optional<ExclusiveGrant> held, Instant now) {
        Optional<UseTerm.Reversion> agreed =
                contract.document().terms().find(UseTerm.Exclusivity.class).flatMap(UseTerm.Exclusivity::reversion);
        if (agreed.isEmpty() || held.isEmpty()) {
            return refused("contract/reversion-not-agreed", "contract " + id + " holds no exclusivity that can revert");
        }
        if (!by.id().equals(contract.curator())) {
            return Decision.answer(Outcome.refused(Problem.forbidden(
                    "contract/not-the-curator", "Not the curator", "only the curator may declare that rights revert")));
        }
        Instant due = after(held.get().begins(), agreed.get().within());
        if (now.isBefore(due)) {
            return refused("contract/reversion-too-early", "the buyer has until " + due + " to pay");
        }
        return append(Notice.Kind.REVERSION, now, now);
    }

    private Decision<Outcome<Notice>> append(Notice.Kind kind, Instant now, Instant effective) {
        return Decision.append(
                List.of(Draft.document(TYPE, body(kind, effective))),
                position -> Outcome.accepted(new Notice(id, position, kind, now, by.id(), reason.text(), effective)));
    }

    private Json.Obj body(Notice.Kind kind, Instant effective) {
        return Json.object()
                .put("contract", id.value())
                .put("kind", kind.word())
                .put("by", by.id().value())
                .put("reason", reason.json())
                .put("effective", effective)
                .build();
    }

    static Notice read(long position, Instant given, Fields body) {
        return new Notice(
                new ContractId(body.text("contract")),
                position,
                Notice.Kind.ofWord(body.text("kind")),
                given,
                new PartyId(body.text("by")),
                Words.clear(body, "reason"),
                body.instant("effective"));
    }

    private static Instant after(Instant now, Period period) {
        return now.atOffset(ZoneOffset.UTC).plus(period).toInstant();
    }

    private static Decision<Outcome<Notice>> refused(String type, String detail) {
        return Decision.answer(Outcome.refused(Problem.conflict(type, "Cannot be declared", detail)));
    }
}
