package org.tallystick.protocol.statement;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractSignature;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Checks that a paper and what it rests on are those the log knows: issued by a close, under contracts that were
 * accepted before it, signed by keys that their parties had registered before that. That the documents are in the log at
 * all is checked before.
 */
final class Anchors {
    /** Member of a close's entry: version of the papers it issues; without it they are of version 1. */
    static final String NOTATION = "notation";

    private final Paper paper;
    private final StatementEvidence evidence;
    private final Map<Long, LoggedDocument> closes = new HashMap<>();

    /** Where a party registered a key first, by party and key. */
    private final Map<String, Long> keys = new HashMap<>();

    Anchors(Paper paper, StatementEvidence evidence) {
        this.paper = paper;
        this.evidence = evidence;
    }

    /**
     * @param contracts those of the evidence
     * @param bound by each of them: who must have signed with a key of theirs
     */
    void check(Collection<ContractDocument> contracts, Map<String, Set<String>> bound) {
        Map<String, Long> accepted = new HashMap<>();
        for (LoggedDocument document : evidence.documents()) {
            Fields body = Fields.of(document.entry().body(), document.type());
            switch (document.type()) {
                case LoggedDocument.CLOSE -> closes.put(document.position(), document);
                case LoggedDocument.PARTY, LoggedDocument.KEY_ROTATED ->
                    keys.merge(key(body.text("id"), body.text("key")), document.position(), Math::min);
                case LoggedDocument.CONTRACT -> accepted.put(body.text("contractId"), early(document));
                case LoggedDocument.GRANT -> early(document);
                default ->
                    throw new MalformedException(
                            "evidence/document", "a paper does not rest on an entry of type " + document.type());
            }
        }
        for (ContractDocument contract : contracts) {
            long position = Optional.ofNullable(accepted.get(contract.id())).orElse(0L);
            Set<String> signers = bound.getOrDefault(contract.id(), Set.of());
            contract.signatures().stream()
                    .filter(signature -> signers.contains(signature.party()))
                    .forEach(signature -> checkKeys(contract, position, signature));
        }
        checkIssued();
    }

    private static String key(String party, String key) {
        return party + " " + key;
    }

    private long early(LoggedDocument document) {
        if (document.position() >= paper.position()) {
            throw new MalformedException(
                    "evidence/position",
                    "the " + document.type() + " at " + document.position() + " is past the " + paper.noun()
                            + "'s log position");
        }
        return document.position();
    }

    /** The signer's key, and under a mandate that of the party bound by it, are those in the log before the contract. */
    private void checkKeys(ContractDocument contract, long position, ContractSignature signature) {
        signature.key().ifPresent(key -> checkKey(contract, position, signature.signer(), key));
        signature.mandate().ifPresent(mandate -> checkKey(contract, position, mandate.creator(), mandate.key()));
    }

    private void checkKey(ContractDocument contract, long position, String party, DidKey key) {
        Long registered = keys.get(key(party, key.toString()));
        if (registered == null || registered >= position) {
            throw new MalformedException(
                    "evidence/key",
                    "contract " + contract.id() + " is signed by a key that " + party
                            + " had not registered before it");
        }
    }

    private void checkIssued() {
        Issued own = evidence.issued().getFirst();
        if (own.paper().isPresent() || own.salt().isEmpty()) {
            throw new MalformedException("evidence/issued", "the first place named is the paper's own, with its salt");
        }
        checkIssued(own, paper);
        long newer = own.close();
        for (Issued place : evidence.issued().subList(1, evidence.issued().size())) {
            Paper earlier = place.paper()
                    .orElseThrow(() -> new MalformedException("evidence/issued", "an earlier paper is not shown"));
            if (place.close() >= newer) {
                throw new MalformedException("evidence/issued", "the closes named do not go back in the log");
            }
            newer = place.close();
            checkIssued(place, earlier);
        }
    }

    private void checkIssued(Issued place, Paper issued) {
        LoggedDocument document = Optional.ofNullable(closes.get(place.close()))
                .orElseThrow(() -> new MalformedException(
                        "evidence/close", "the close at " + place.close() + " that issued it is not here"));
        Fields close = Fields.of(document.entry().body(), LoggedDocument.CLOSE);
        if (!close.text("period").equals(issued.period())
                || !close.instant("from").equals(issued.from())
                || !close.instant("to").equals(issued.to())
                || close.integer("position", 0, document.position()) != issued.position()) {
            throw new MalformedException(
                    "evidence/close",
                    issued.noun() + " " + issued.id() + " is not of the period and position of its close");
        }
        if (close.optionalInteger(NOTATION, 1, Integer.MAX_VALUE).orElse(1L)
                != issued.notation().version()) {
            throw new MalformedException(
                    "evidence/notation",
                    issued.noun() + " " + issued.id() + " is not of the version that its close says");
        }
        CloseEntry entry = CloseEntry.of(document);
        if (entry.salted() != place.salt().isPresent()) {
            throw new MalformedException("evidence/salt", "a close commits with salt or without, as its entry says");
        }
        long statements = close.integer("statements", 0, Integer.MAX_VALUE);
        Hash hash = issued.hash();
        Hash leaf = MerkleTree.leafHash(
                place.salt().map(salt -> salt.commit(hash)).orElse(hash).toBytes());
        boolean among = issued instanceof Invoice
                ? place.index() >= statements && place.index() < entry.papers()
                : place.index() < statements;
        if (!among
                || !MerkleTree.rootOf(leaf, place.index(), entry.leaves(), place.path())
                        .equals(entry.root())) {
            throw new MalformedException(
                    "evidence/close", "the close at " + place.close() + " has not issued " + issued.id());
        }
    }
}
