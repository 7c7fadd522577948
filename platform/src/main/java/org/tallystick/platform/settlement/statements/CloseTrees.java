package org.tallystick.platform.settlement.statements;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.ContractNodeStore;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.protocol.log.LogEntry;

/**
 * The trees of the closes asked for last, because the statements of one close are mostly asked for one after another. A close
 * never changes. Safe from any thread.
 */
final class CloseTrees {
    /** Leaves of all trees kept. */
    private static final long MOST = 1_000_000;

    private final LongFunction<LogEntry> log;
    private final Map<Integer, CloseTree> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long leaves;

    /** @param log reads an entry */
    CloseTrees(LongFunction<LogEntry> log) {
        this.log = log;
    }

    CloseTree of(Handle tx, SettlementStore.CloseRow close) {
        synchronized (kept) {
            CloseTree known = kept.get(close.number());
            if (known == null) {
                known = new CloseTree(
                        SettlementStore.issued(tx, close.number()),
                        ContractNodeStore.of(tx, close.number()),
                        CloseEntries.commitments(close.entry(), log));
                kept.put(close.number(), known);
                leaves += known.size();
                forget(close.number());
            }
            return known;
        }
    }

    private void forget(int latest) {
        Iterator<Map.Entry<Integer, CloseTree>> each = kept.entrySet().iterator();
        while (leaves > MOST && each.hasNext()) {
            Map.Entry<Integer, CloseTree> eldest = each.next();
            if (eldest.getKey() != latest) {
                leaves -= eldest.getValue().size();
                each.remove();
            }
        }
    }
}
