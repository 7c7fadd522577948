package org.tallystick.protocol.statement;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Finding;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Checks the file of a statement or an invoice offline, from the platform's public key alone, down to the signed receipts:
 * who signed what, what is in the log, which works were used, and that uses times prices come to the amounts. Reads nothing
 * but the file.
 *
 * <p>Immutable, safe from any thread.
 */
public final class PaperVerifier {
    private final NoteKey platform;
    private final Verifier verifier;

    /**
     * @param platform the platform's key, known from elsewhere
     */
    public PaperVerifier(NoteKey platform, Verifier verifier) {
        this.platform = platform;
        this.verifier = verifier;
    }

    /**
     * What was checked.
     *
     * @param receipts leaves proven into signed batches
     * @param batches batches proven into the log
     * @param works distinct works among them
     * @param weaker whether the file is of version 1, of before the log's change of format: then nothing ties the statement,
     *     its contracts, their signers' keys, its grants and the sums it carries over to the log, only its receipts
     * @param file as it was read
     */
    public record Verified(Paper paper, int receipts, int batches, int works, boolean weaker, PaperFile file) {
        /**
         * The statement, where the file is of one.
         *
         * @throws MalformedException {@code statement-file/type} for an invoice
         */
        public Statement statement() {
            if (paper instanceof Statement statement) {
                return statement;
            }
            throw new MalformedException("statement-file/type", "the file is of an " + paper.noun());
        }

        /** Entries of the log that the evidence is under. */
        public long size() {
            return Checkpoint.parse(checkpoint().text()).size();
        }

        /** The signed checkpoint of the log that the evidence is under. */
        public SignedNote checkpoint() {
            return SignedNote.parse(file.evidence().checkpoint().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Verifies a file.
     *
     * @throws MalformedException with the first thing that is wrong and where
     */
    public Verified verify(byte[] bytes) {
        PaperFile file = PaperFile.parse(bytes, verifier);
        if (!file.key().equals(platform)) {
            throw new MalformedException(
                    "statement-file/wrong-key", "signed by " + file.key() + ", expected " + platform);
        }
        Paper paper = file.paper();
        StatementEvidence evidence = file.evidence();
        if (!paper.platform().equals(platform.name())) {
            throw new MalformedException(paper.noun() + "/platform", "the " + paper.noun() + " is of another platform");
        }
        checkLog(paper.position(), evidence);
        Map<String, ContractDocument> contracts = contracts(evidence);
        Map<Hash, ShownVersion> versions = new HashMap<>();
        evidence.versions().forEach(version -> versions.put(version.root(), ShownVersion.of(version)));
        List<Use> uses = uses(paper, evidence, contracts, versions);
        PaperRules rules = switch (paper) {
            case Statement statement -> new StatementRules(statement, contracts, versions, uses);
            case Invoice invoice -> new InvoiceRules(invoice, contracts, versions, uses);
        };
        Map<String, Set<String>> bound = new HashMap<>();
        contracts.values().forEach(contract -> {
            Set<String> signers = bound(rules, contract, uses);
            bound.put(contract.id(), signers);
            checkSigners(contract, signers);
        });
        rules.checkLines();
        CarriedOver.checkTotals(paper);
        if (evidence.isAnchored()) {
            new Anchors(paper, evidence).check(contracts.values(), bound);
            rules.checkWhole();
            new CarriedOver(paper, evidence.issued()).checkChain();
            switch (paper) {
                case Statement statement -> checkUsage(statement, evidence, contracts, versions, uses);
                case Invoice ignored -> checkNoUsage(evidence);
            }
        }
        Set<ContentId> works = new HashSet<>();
        uses.forEach(use -> works.add(use.content()));
        int receipts =
                evidence.parts().stream().mapToInt(part -> part.leaves().size()).sum();
        return new Verified(paper, receipts, evidence.parts().size(), works.size(), !evidence.isAnchored(), file);
    }

    /** An invoice shows every use by its receipt, so it opens nothing of the close. */
    private static void checkNoUsage(StatementEvidence evidence) {
        if (!evidence.usage().isEmpty()) {
            throw new MalformedException(
                    "usage/surplus", "an invoice rests on nothing that its close commits to of uses");
        }
    }

    private static void checkUsage(
            Statement statement,
            StatementEvidence evidence,
            Map<String, ContractDocument> contracts,
            Map<Hash, ShownVersion> versions,
            List<Use> uses) {
        UsageCheck check = new UsageCheck(statement, evidence, contracts, versions);
        for (Use use : uses) {
            Hash dataset = Objects.requireNonNull(contracts.get(use.key().contract()))
                    .datasetVersion()
                    .orElseThrow();
            long ordinal = Objects.requireNonNull(versions.get(dataset)).ordinal(use.content());
            check.use(use.key(), use.creator().equals(statement.party()), use.withdrawn(), ordinal);
        }
        check.check();
    }

    /** Whom a contract binds here: whoever pays, whoever put the works together, the creator of each work shown. */
    private static Set<String> bound(PaperRules rules, ContractDocument contract, List<Use> uses) {
        Set<String> bound = new TreeSet<>(rules.bound(contract));
        contract.buyer().ifPresent(bound::add);
        contract.curator().ifPresent(bound::add);
        uses.stream()
                .filter(use -> use.key().contract().equals(contract.id()))
                .forEach(use -> bound.add(use.creator()));
        return bound;
    }

    /** @param position of the log that is shown: batches stand before it */
    void checkLog(long position, StatementEvidence evidence) {
        SignedNote note = SignedNote.parse(evidence.checkpoint().getBytes(StandardCharsets.UTF_8));
        Checkpoint checkpoint = Checkpoint.open(note, platform, verifier);
        if (checkpoint.size() < position) {
            throw new MalformedException(
                    "evidence/checkpoint", "the checkpoint is older than the log position that the file speaks of");
        }
        LinkedHashMap<Long, Hash> entries = new LinkedHashMap<>();
        for (StatementEvidence.BatchPart part : evidence.parts()) {
            if (part.position() >= position) {
                throw new MalformedException(
                        "evidence/position",
                        "batch " + part.position() + " is past the log position that the file speaks of");
            }
            if (entries.put(part.position(), MerkleTree.leafHash(part.entry().encode())) != null) {
                throw new MalformedException("evidence/position", "batch " + part.position() + " stands twice");
            }
        }
        for (LoggedDocument document : evidence.documents()) {
            Hash leaf = MerkleTree.leafHash(document.entry().encode());
            if (entries.put(document.position(), leaf) != null) {
                throw new MalformedException("evidence/position", "entry " + document.position() + " stands twice");
            }
        }
        if (entries.isEmpty()) {
            if (!evidence.logHashes().isEmpty()) {
                throw new MalformedException("evidence/log-proof", "a log proof without batches");
            }
            return;
        }
        if (!MultiProof.root(checkpoint.size(), entries, evidence.logHashes()).equals(checkpoint.root())) {
            throw new MalformedException(
                    "evidence/log-proof", "the entries shown do not lead to the log's signed root");
        }
    }

    private Map<String, ContractDocument> contracts(StatementEvidence evidence) {
        Map<String, ContractDocument> contracts = new HashMap<>();
        for (Json.Obj json : evidence.contracts()) {
            ContractDocument contract = ContractDocument.recorded(json);
            Optional<Finding> wrong =
                    contract.verifyByStatedKeys(verifier).stream().findFirst();
            if (wrong.isPresent()) {
                throw new MalformedException(wrong.get().reason(), wrong.get().detail());
            }
            if (contracts.put(contract.id(), contract) != null) {
                throw new MalformedException("evidence/contract", "contract " + contract.id() + " stands twice");
            }
        }
        return contracts;
    }

    private static void checkSigners(ContractDocument contract, Set<String> bound) {
        Set<String> missing = new TreeSet<>(bound);
        contract.signatures().forEach(signature -> missing.remove(signature.party()));
        if (!missing.isEmpty()) {
            throw new MalformedException(
                    "evidence/unsigned",
                    "contract " + contract.id() + " is not signed by " + String.join(", ", missing)
                            + ", whom it binds here");
        }
    }

    private List<Use> uses(
            Paper paper,
            StatementEvidence evidence,
            Map<String, ContractDocument> contracts,
            Map<Hash, ShownVersion> versions) {
        Map<TokenId, Grant> grants = new HashMap<>();
        evidence.grants().forEach(claims -> {
            Grant grant = Grant.ofClaims(claims);
            grants.put(grant.tokenId(), grant);
        });
        List<EdgeCertificate> certificates = certificates(evidence);
        List<Leaf> leaves = new ArrayList<>();
        Map<String, Leaf> outcomes = new HashMap<>();
        for (StatementEvidence.BatchPart part : evidence.parts()) {
            for (Leaf leaf : leaves(part, certificates)) {
                if (leaf.kind().refers()) {
                    outcomes.put(leaf.refersId(), leaf);
                } else {
                    leaves.add(leaf);
                }
            }
        }
        List<Use> uses = new ArrayList<>();
        for (Leaf leaf : leaves) {
            if (leaf.time() >= paper.to().toEpochMilli()) {
                throw new MalformedException(
                        "evidence/time",
                        leaf.receiptId() + " was left after the end of the " + paper.noun() + "'s period");
            }
            uses.add(use(leaf, Optional.ofNullable(outcomes.remove(leaf.receiptId())), grants, contracts, versions));
        }
        if (!outcomes.isEmpty()) {
            throw new MalformedException(
                    "evidence/unused",
                    "a void or cut names " + outcomes.keySet().iterator().next() + ", which is not here");
        }
        return uses;
    }

    List<EdgeCertificate> certificates(StatementEvidence evidence) {
        DidKey issuer = new DidKey(platform.publicKey());
        return evidence.certificates().stream()
                .map(compact -> EdgeCertificate.verify(compact, issuer, verifier))
                .toList();
    }

    List<Leaf> leaves(StatementEvidence.BatchPart part, List<EdgeCertificate> certificates) {
        BatchHeader header = part.entry().signed().header();
        EdgeCertificate certificate = certificates.stream()
                .filter(c -> c.edge() == header.edge() && c.epoch() == header.epoch())
                .findFirst()
                .orElseThrow(() -> new MalformedException(
                        "evidence/certificate",
                        "no certificate for edge " + header.edge() + " epoch " + header.epoch()));
        part.entry().signed().verify(certificate, verifier);
        LinkedHashMap<Long, Hash> hashes = new LinkedHashMap<>();
        List<Leaf> leaves = new ArrayList<>();
        part.leaves().forEach((index, bytes) -> {
            Leaf leaf = Leaf.decode(bytes);
            if (leaf.sequence() != header.first() + index
                    || leaf.edge() != header.edge()
                    || leaf.epoch() != header.epoch()) {
                throw new MalformedException(
                        "evidence/sequence", leaf.receiptId() + " is not at its place in batch " + part.position());
            }
            hashes.put(index, MerkleTree.leafHash(bytes));
            leaves.add(leaf);
        });
        if (!MultiProof.root(header.count(), hashes, part.hashes()).equals(header.root())) {
            throw new MalformedException(
                    "evidence/receipt", "the receipts of batch " + part.position() + " do not lead to its signed root");
        }
        return leaves;
    }

    /** @param outcome the void or cut that withdraws the delivery, where one is shown */
    private static Use use(
            Leaf leaf,
            Optional<Leaf> outcome,
            Map<TokenId, Grant> grants,
            Map<String, ContractDocument> contracts,
            Map<Hash, ShownVersion> versions) {
        String id = leaf.receiptId();
        Grant grant = Optional.ofNullable(grants.get(leaf.token()))
                .orElseThrow(() -> new MalformedException("evidence/grant", id + " is under a grant that is not here"));
        if (!leaf.kind().meters()
                || leaf.scope() != grant.scope()
                || !leaf.scope().meters()) {
            throw new MalformedException("evidence/not-a-use", id + " is no use under its grant");
        }
        if (!grant.validAt(Instant.ofEpochMilli(leaf.time()))) {
            throw new MalformedException("evidence/outside-grant", id + " was left outside its grant's validity");
        }
        ContractDocument contract = Optional.ofNullable(contracts.get(grant.contract()))
                .orElseThrow(() -> new MalformedException(
                        "evidence/contract", id + " is under contract " + grant.contract() + ", which is not here"));
        if (!contract.buyer().equals(Optional.of(grant.consumer()))
                || !contract.datasetVersion().equals(Optional.of(grant.dataset()))) {
            throw new MalformedException("evidence/grant", "the grant of " + id + " does not fit its contract");
        }
        Optional<ShownVersion> version = Optional.ofNullable(versions.get(grant.dataset()));
        String creator = version.map(shown -> shown.creators().get(leaf.content()))
                .orElseThrow(() -> new MalformedException(
                        "evidence/members", id + " delivered a work that is not shown to be in the dataset version"));
        boolean withdrawn = outcome.isPresent();
        if (!version.get().isUse(leaf, leaf.bytes())
                || (withdrawn
                        && outcome.get().kind() == LeafKind.CUT
                        && version.get().isUse(leaf, outcome.get().bytes()))) {
            throw new MalformedException(
                    "evidence/not-a-use", id + " delivered free bytes alone, or is not withdrawn by the cut shown");
        }
        return new Use(new Use.Key(grant.contract(), grant.job(), leaf.scope()), leaf.content(), creator, withdrawn);
    }
}
