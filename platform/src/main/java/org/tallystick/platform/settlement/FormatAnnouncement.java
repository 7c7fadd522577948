package org.tallystick.platform.settlement;

import java.util.List;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.protocol.log.FormatChange;

/** Puts into the log, once, from where on closes prove what the present format proves. */
final class FormatAnnouncement {
    private FormatAnnouncement() {}

    static void once(Database database, Sequencer sequencer) {
        boolean known = database.read(tx -> SettlementStore.format(tx).isPresent());
        if (!known) {
            sequencer.<Boolean>execute((tx, now) -> SettlementStore.format(tx).isPresent()
                    ? Decision.answer(false)
                    : Decision.append(
                            List.of(Draft.document(FormatChange.TYPE, FormatChange.body())), position -> true));
        }
    }
}
