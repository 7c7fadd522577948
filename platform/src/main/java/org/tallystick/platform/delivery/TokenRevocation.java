package org.tallystick.platform.delivery;

import java.util.List;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.log.Words;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.receipt.TokenId;

/** Makes one token worthless; see {@link Jobs#revokeToken}. */
final class TokenRevocation {
    private final Sequencer sequencer;
    private final Wording wording;

    TokenRevocation(Database database, Sequencer sequencer) {
        this.sequencer = sequencer;
        this.wording = new Wording(database);
    }

    Outcome<GrantRecord> revoke(Principal by, TokenId id, String reason) {
        if (!Jobs.isText(reason)) {
            return refused(
                    Category.INVALID, "token/reason", "a reason has 1 to " + Jobs.MAX_TEXT + " printable characters");
        }
        Words words = Words.of(by.id(), reason);
        return wording.keeping(
                words,
                () -> sequencer.execute((tx, now) -> {
                    Optional<GrantRecord> found = JobStore.token(tx, id)
                            .filter(token -> by.role() == Role.OPERATOR
                                    || token.grant().consumer().equals(by.id().value()));
                    if (found.isEmpty()) {
                        return Decision.answer(
                                refused(Category.NOT_FOUND, "token/unknown", "there is no token " + id + " of yours"));
                    }
                    GrantRecord token = found.get();
                    if (token.revoked().isPresent()) {
                        return Decision.answer(Outcome.repeated(token));
                    }
                    return Decision.append(
                            List.of(Draft.document(Entries.GRANT_REVOKED, Entries.grantRevoked(id, by.id(), words))),
                            position -> Outcome.accepted(
                                    new GrantRecord(token.grant(), token.position(), Optional.of(now))));
                }));
    }

    private static <T> Outcome<T> refused(Category category, String type, String detail) {
        return Outcome.refused(DeliveryProblems.refusal(category, type, detail));
    }
}
