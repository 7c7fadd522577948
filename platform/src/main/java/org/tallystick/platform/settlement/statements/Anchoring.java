package org.tallystick.platform.settlement.statements;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.statement.Issued;
import org.tallystick.protocol.statement.Paper;
import org.tallystick.protocol.statement.StatementEvidence;

/**
 * Gathers the entries of the log that a paper rests on: its close and those of the papers whose sums it carries on,
 * its contracts, the keys of those who signed them, its grants. Used for one paper.
 */
final class Anchoring {
    private final Handle tx;
    private final LongFunction<LogEntry> log;
    private final CloseTrees trees;
    private final StatementEvidence evidence;
    private final SortedSet<Long> positions = new TreeSet<>();

    /** @param log reads an entry */
    Anchoring(Handle tx, LongFunction<LogEntry> log, CloseTrees trees, StatementEvidence evidence) {
        this.tx = tx;
        this.log = log;
        this.trees = trees;
        this.evidence = evidence;
    }

    /** Positions of the entries gathered. */
    SortedSet<Long> positions() {
        return positions;
    }

    /** A document of the log, once. */
    void add(long position) {
        if (positions.add(position)) {
            evidence.addDocument(position, document(position));
        }
    }

    private LogEntry.DocumentEntry document(long position) {
        if (log.apply(position) instanceof LogEntry.DocumentEntry document) {
            return document;
        }
        throw new IllegalStateException("log entry " + position + " is no document");
    }

    /**
     * A contract and the keys it is signed with: of those who pay and put together, of whom the paper is for, and of others
     * where it shows their works.
     *
     * @param all whether it does
     */
    void contract(Contract contract, PartyId whose, boolean all) {
        add(contract.position());
        Set<String> some = new HashSet<>(
                List.of(contract.buyer().value(), contract.curator().value(), whose.value()));
        contract.document().signatures().forEach(signature -> {
            if (!all && !some.contains(signature.party())) {
                return;
            }
            signature.key().ifPresent(key -> key(signature.signer(), key, contract.position()));
            signature.mandate().ifPresent(mandate -> key(mandate.creator(), mandate.key(), contract.position()));
        });
    }

    /** The entry by which a party had the key when the contract was accepted. */
    private void key(String party, DidKey key, long before) {
        for (long position : Parties.keyPositions(tx, new PartyId(party))) {
            if (position < before && names(position, party, key)) {
                add(position);
                return;
            }
        }
    }

    private boolean names(long position, String party, DidKey key) {
        if (!(log.apply(position) instanceof LogEntry.DocumentEntry document)
                || !(document.type().equals("party") || document.type().equals("key-rotated"))) {
            return false;
        }
        Fields body = Fields.of(document.body(), document.type());
        return body.text("id").equals(party) && body.optionalText("key").equals(Optional.of(key.toString()));
    }

    /** The close that issued a paper, and back to those of the earlier ones whose sums it carries on. */
    void issued(StoredPaper own, List<SettlementStore.CloseRow> closes) {
        issued(own, closes.get(own.close() - 1), Optional.empty());
        Set<String> open = new HashSet<>();
        own.paper().contracts().forEach(total -> open.add(total.contract()));
        Optional<StoredPaper> previous = own.previous(tx);
        while (previous.isPresent() && !open.isEmpty()) {
            StoredPaper earlier = previous.get();
            issued(earlier, closes.get(earlier.close() - 1), Optional.of(earlier.paper()));
            earlier.paper().contracts().forEach(total -> open.remove(total.contract()));
            previous = earlier.previous(tx);
        }
    }

    private void issued(StoredPaper stored, SettlementStore.CloseRow close, Optional<Paper> shown) {
        add(close.entry());
        CloseTree tree = trees.of(tx, close);
        int index = tree.index(stored.id());
        evidence.addIssued(new Issued(
                close.entry(),
                index,
                tree.path(index),
                CloseEntries.commitments(close.entry(), log).salt(stored.id()),
                shown));
    }
}
