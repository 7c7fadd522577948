package org.tallystick.platform.settlement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.protocol.codec.Hash;

/**
 * Compares the tables with what was computed again from the log: a change that fits in itself, such as a posting made up
 * together with its balances, is found here and nowhere else. One object makes one check.
 */
final class TableCheck {
    private final Handle tx;
    private final Ledger ledger;
    private final Recomputed again;
    private final List<String> differences = new ArrayList<>();

    TableCheck(Handle tx, Ledger ledger, Recomputed again) {
        this.tx = tx;
        this.ledger = ledger;
        this.again = again;
    }

    List<String> differences() {
        closes();
        documents();
        sums();
        same("funding", SettlementStore.fundings(tx), again.fundings());
        postings();
        return differences;
    }

    private void closes() {
        Map<Integer, SettlementStore.CloseRow> stored = new HashMap<>();
        SettlementStore.closes(tx).forEach(row -> stored.put(row.number(), row));
        Map<Integer, SettlementStore.CloseRow> expected = new HashMap<>();
        again.closes().forEach(row -> expected.put(row.number(), row));
        same("close", stored, expected);
    }

    private void documents() {
        Map<String, Hash> stored = new TreeMap<>();
        for (SettlementStore.CloseRow close : SettlementStore.closes(tx)) {
            stored.putAll(SettlementStore.hashes(tx, close.number()));
        }
        same("document", stored, again.documents());
    }

    private void sums() {
        for (ContractId contract : again.contracts()) {
            same(
                    "sum earned under " + contract + " by",
                    SettlementStore.payeeTotals(tx, contract),
                    again.payeeTotals(contract));
            if (!SettlementStore.contractTotal(tx, contract).equals(again.contractTotal(contract))) {
                differences.add("the sums of contract " + contract + " are not those the log comes to");
            }
            if (!bytes(SettlementStore.parts(tx, contract)).equals(bytes(again.parts(contract)))) {
                differences.add("the works billed under contract " + contract + " are not those the log comes to");
            }
        }
    }

    /** Parts in a form that does not depend on their order within a close. */
    private static Map<List<Object>, org.roaringbitmap.RoaringBitmap> bytes(List<CloseInput.BilledSet> parts) {
        Map<List<Object>, org.roaringbitmap.RoaringBitmap> found = new HashMap<>();
        parts.forEach(part -> found.put(
                List.of(part.key(), part.dataset(), part.close(), part.usedIn(), part.withdrawn()), part.works()));
        return found;
    }

    private void postings() {
        for (PostingGroup expected : again.postings().values()) {
            Optional<PostingGroup> posted = ledger.group(tx, expected.id());
            if (posted.isEmpty()) {
                differences.add("the posting of " + expected.reference() + ", " + expected.description()
                        + ", is not in the ledger");
            } else if (!posted.get().equals(expected)) {
                differences.add("the posting of " + expected.reference() + ", " + expected.description()
                        + ", is not the one the log comes to");
            }
        }
        long groups = ledger.groups(tx);
        if (groups > again.postings().size()) {
            differences.add("the ledger holds " + groups + " posting groups, the log comes to "
                    + again.postings().size());
        }
    }

    private <K, V> void same(String what, Map<K, V> stored, Map<K, V> expected) {
        expected.forEach((key, value) -> {
            V found = stored.get(key);
            if (found == null) {
                differences.add(what + " " + key + " is missing");
            } else if (!Objects.equals(found, value)) {
                differences.add(what + " " + key + " is not what the log comes to");
            }
        });
        stored.keySet().stream()
                .filter(key -> !expected.containsKey(key))
                .forEach(key -> differences.add(what + " " + key + " is nowhere in the log"));
    }
}
