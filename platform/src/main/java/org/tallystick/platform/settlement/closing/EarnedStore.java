package org.tallystick.platform.settlement.closing;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.statement.Statement;

/** Finds the statements that have a sum of a contract: what payees had earned under it after a close. */
final class EarnedStore {
    private EarnedStore() {}

    /** Those of one close. */
    static List<Statement> statements(Handle tx, int close, String contract) {
        return tx.select(
                        "select document from settlement.statement where close = ?"
                                + " and position(? in document) > 0 order by party",
                        close,
                        member(contract))
                .mapTo(String.class)
                .map(EarnedStore::parse)
                .list();
    }

    /** The latest of a party's before a close. */
    static Optional<Statement> before(Handle tx, int close, PartyId party, String contract) {
        return tx.select(
                        "select document from settlement.statement where party = ? and close < ?"
                                + " and position(? in document) > 0 order by close desc limit 1",
                        party.value(),
                        close,
                        member(contract))
                .mapTo(String.class)
                .map(EarnedStore::parse)
                .findOne();
    }

    /** How lines and sums of a contract name it in the text of a statement, which is canonical. */
    private static String member(String contract) {
        return Json.object().put("contract", contract).build().toString().replaceAll("[{}]", "");
    }

    private static Statement parse(String document) {
        return Statement.of(Json.parse(document));
    }
}
