package org.tallystick.protocol.statement;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.Finding;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Checks a statement file offline, from the platform's public key alone, down to the signed receipts: who signed what,
 * what is in the log, which works were used, and that uses times prices come to the amounts. Reads nothing but the file.
 *
 * <p>Immutable, safe from any thread.
 */
public final class StatementVerifier {
    private final NoteKey platform;
    private final Verifier verifier;

    /**
     * @param platform the platform's key, known from elsewhere
     */
    public StatementVerifier(NoteKey platform, Verifier verifier) {
        this.platform = platform;
        this.verifier = verifier;
    }

    /**
     * What was checked.
     *
     * @param receipts leaves proven into signed batches
     * @param batches batches proven into the log
     * @param works distinct works among them
     */
    public record Verified(Statement statement, int receipts, int batches, int works) {}

    /** A usage set: what one line, or an adjustment beside it, counts. */
    private record UsageKey(String contract, String job, Scope scope) {}

    /** What is proven of a dataset version: its size, and the creator of each member shown. */
    private record Version(long size, boolean sized, Map<ContentId, String> creators) {}

    /**
     * A proven use of a work.
     *
     * @param withdrawn whether a later receipt takes it back
     */
    private record Use(UsageKey key, ContentId content, String creator, boolean withdrawn) {}

    /**
     * Verifies a file.
     *
     * @throws MalformedException with the first thing that is wrong and where
     */
    public Verified verify(byte[] bytes) {
        StatementFile file = StatementFile.parse(bytes, verifier);
        if (!file.key().equals(platform)) {
            throw new MalformedException(
                    "statement-file/wrong-key", "signed by " + file.key() + ", expected " + platform);
        }
        Statement statement = file.statement();
        StatementEvidence evidence = file.evidence();
        if (!statement.platform().equals(platform.name())) {
            throw new MalformedException("statement/platform", "the statement is of another platform");
        }
        checkLog(statement, evidence);
        Map<String, ContractDocument> contracts = contracts(evidence);
        Map<Hash, Version> versions = new HashMap<>();
        evidence.versions().forEach(version -> versions.put(version.root(), version(version)));
        List<Use> uses = uses(statement, evidence, contracts, versions);
        contracts.values().forEach(contract -> checkSigners(contract, uses));
        checkLines(statement, contracts, uses);
        checkParts(statement, contracts, versions);
        checkTotals(statement);
        Set<ContentId> works = new HashSet<>();
        uses.forEach(use -> works.add(use.content()));
        int receipts =
                evidence.parts().stream().mapToInt(part -> part.leaves().size()).sum();
        return new Verified(statement, receipts, evidence.parts().size(), works.size());
    }

    private void checkLog(Statement statement, StatementEvidence evidence) {
        SignedNote note = SignedNote.parse(evidence.checkpoint().getBytes(StandardCharsets.UTF_8));
        Checkpoint checkpoint = Checkpoint.open(note, platform, verifier);
        if (checkpoint.size() < statement.position()) {
            throw new MalformedException(
                    "evidence/checkpoint", "the checkpoint is older than the position the statement is made at");
        }
        LinkedHashMap<Long, Hash> entries = new LinkedHashMap<>();
        for (StatementEvidence.BatchPart part : evidence.parts()) {
            if (part.position() >= statement.position()) {
                throw new MalformedException(
                        "evidence/position", "batch " + part.position() + " is past the statement's log position");
            }
            if (entries.put(part.position(), MerkleTree.leafHash(part.entry().encode())) != null) {
                throw new MalformedException("evidence/position", "batch " + part.position() + " stands twice");
            }
        }
        if (entries.isEmpty()) {
            if (!evidence.logHashes().isEmpty()) {
                throw new MalformedException("evidence/log-proof", "a log proof without batches");
            }
            return;
        }
        if (!MultiProof.root(checkpoint.size(), entries, evidence.logHashes()).equals(checkpoint.root())) {
            throw new MalformedException("evidence/log-proof", "the batches do not lead to the log's signed root");
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

    /** A contract binds whoever pays, whoever put the works together, and the creator of each work shown: all have signed. */
    private static void checkSigners(ContractDocument contract, List<Use> uses) {
        Set<String> missing = new TreeSet<>();
        contract.buyer().ifPresent(missing::add);
        contract.curator().ifPresent(missing::add);
        uses.stream()
                .filter(use -> use.key().contract().equals(contract.id()))
                .forEach(use -> missing.add(use.creator()));
        contract.signatures().forEach(signature -> missing.remove(signature.party()));
        if (!missing.isEmpty()) {
            throw new MalformedException(
                    "evidence/unsigned",
                    "contract " + contract.id() + " is not signed by " + String.join(", ", missing)
                            + ", whom it binds here");
        }
    }

    private List<Use> uses(
            Statement statement,
            StatementEvidence evidence,
            Map<String, ContractDocument> contracts,
            Map<Hash, Version> versions) {
        Map<TokenId, Grant> grants = new HashMap<>();
        evidence.grants().forEach(claims -> {
            Grant grant = Grant.ofClaims(claims);
            grants.put(grant.tokenId(), grant);
        });
        List<EdgeCertificate> certificates = certificates(evidence);
        List<Leaf> leaves = new ArrayList<>();
        Set<String> voids = new HashSet<>();
        for (StatementEvidence.BatchPart part : evidence.parts()) {
            for (Leaf leaf : leaves(part, certificates)) {
                if (leaf.kind() == LeafKind.VOID) {
                    voids.add("r-" + leaf.edge() + "-" + leaf.epoch() + "-" + leaf.refers());
                } else {
                    leaves.add(leaf);
                }
            }
        }
        List<Use> uses = new ArrayList<>();
        for (Leaf leaf : leaves) {
            if (leaf.time() >= statement.to().toEpochMilli()) {
                throw new MalformedException(
                        "evidence/time", leaf.receiptId() + " was left after the end of the statement's period");
            }
            uses.add(use(leaf, voids.remove(leaf.receiptId()), grants, contracts, versions));
        }
        if (!voids.isEmpty()) {
            throw new MalformedException(
                    "evidence/unused", "a void names " + voids.iterator().next() + ", which is not here");
        }
        return uses;
    }

    private List<EdgeCertificate> certificates(StatementEvidence evidence) {
        DidKey issuer = new DidKey(platform.publicKey());
        return evidence.certificates().stream()
                .map(compact -> EdgeCertificate.verify(compact, issuer, verifier))
                .toList();
    }

    private static Version version(StatementEvidence.Version version) {
        LinkedHashMap<Long, Hash> leaves = new LinkedHashMap<>();
        Map<ContentId, String> creators = new HashMap<>();
        version.members().forEach((ordinal, member) -> {
            leaves.put(ordinal, MerkleTree.leafHash(Jcs.bytes(member)));
            Fields fields = Fields.of(member, "member");
            creators.put(ContentId.parse(fields.text("content_id")), fields.text("creator_id"));
        });
        if (!MultiProof.root(version.size(), leaves, version.hashes()).equals(version.root())) {
            throw new MalformedException(
                    "evidence/members", "the members do not lead to the root of the dataset version");
        }
        return new Version(version.size(), leaves.keySet().containsAll(MultiProof.corners(version.size())), creators);
    }

    private List<Leaf> leaves(StatementEvidence.BatchPart part, List<EdgeCertificate> certificates) {
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

    private static Use use(
            Leaf leaf,
            boolean withdrawn,
            Map<TokenId, Grant> grants,
            Map<String, ContractDocument> contracts,
            Map<Hash, Version> versions) {
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
        String creator = Optional.ofNullable(versions.get(grant.dataset()))
                .map(version -> version.creators().get(leaf.content()))
                .orElseThrow(() -> new MalformedException(
                        "evidence/members", id + " delivered a work that is not shown to be in the dataset version"));
        return new Use(new UsageKey(grant.contract(), grant.job(), leaf.scope()), leaf.content(), creator, withdrawn);
    }

    private void checkLines(Statement statement, Map<String, ContractDocument> contracts, List<Use> uses) {
        for (int i = 0; i < statement.lines().size(); i++) {
            checkFactors(statement, i + 1, contracts);
        }
        checkUses(statement, uses.stream().filter(use -> !use.withdrawn()).toList(), false);
        checkUses(statement, uses.stream().filter(Use::withdrawn).toList(), true);
    }

    private static void checkUses(Statement statement, List<Use> uses, boolean withdrawn) {
        Map<UsageKey, Set<ContentId>> all = new HashMap<>();
        Map<UsageKey, Set<ContentId>> own = new HashMap<>();
        for (Use use : uses) {
            all.computeIfAbsent(use.key(), k -> new HashSet<>()).add(use.content());
            if (use.creator().equals(statement.party())) {
                own.computeIfAbsent(use.key(), k -> new HashSet<>()).add(use.content());
            }
        }
        Map<UsageKey, Long> asCreator = new HashMap<>();
        Map<UsageKey, Long> asRecipient = new HashMap<>();
        for (Statement.Line line : statement.lines()) {
            if (line.kind() != Statement.Kind.FLAT && (line.kind() == Statement.Kind.WITHDRAWAL) == withdrawn) {
                (line.basis() == Statement.Basis.CREATOR ? asCreator : asRecipient)
                        .merge(
                                new UsageKey(line.contract(), line.job(), line.scope()),
                                line.worth().uses(),
                                StatementVerifier::plus);
            }
        }
        checkCounts(asCreator, own);
        checkCounts(asRecipient, all);
        for (UsageKey key : all.keySet()) {
            if (!asCreator.containsKey(key) && !asRecipient.containsKey(key)) {
                throw new MalformedException("evidence/unused", "receipts of " + key + " stand behind no line");
            }
        }
    }

    /** The sum of two counts, or the greatest number there is, which no count of receipts equals. */
    private static long plus(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    private static void checkCounts(Map<UsageKey, Long> stated, Map<UsageKey, Set<ContentId>> proven) {
        stated.forEach((key, uses) -> {
            int found = proven.getOrDefault(key, Set.of()).size();
            if (found != uses) {
                throw new MalformedException(
                        "statement/uses",
                        "the lines of contract " + key.contract() + ", job " + key.job() + " count " + uses
                                + " uses, the receipts prove " + found);
            }
        });
    }

    private static void checkFactors(Statement statement, int number, Map<String, ContractDocument> contracts) {
        Statement.Line line = statement.lines().get(number - 1);
        String where = "line " + number;
        ContractDocument contract = Optional.ofNullable(contracts.get(line.contract()))
                .orElseThrow(() -> new MalformedException(
                        "evidence/contract", where + " is under contract " + line.contract() + ", which is not here"));
        boolean flat = contract.pricing() instanceof Pricing.Flat;
        if (flat != (line.kind() == Statement.Kind.FLAT)) {
            throw new MalformedException("statement/pricing", where + " is not priced as its contract says");
        }
        String recipient = line.basis() == Statement.Basis.CREATOR ? ContractPayout.CREATORS : statement.party();
        boolean agreed = contract.payout().splits().stream()
                .anyMatch(split -> split.recipient().equals(recipient)
                        && split.share().compareTo(line.worth().share()) == 0);
        if (!agreed
                || contract.pricing().price().amount().compareTo(line.worth().price()) != 0
                || !contract.pricing().price().currency().equals(statement.currency())
                || contract.platformFeeShare().compareTo(line.worth().fee()) != 0) {
            throw new MalformedException(
                    "statement/terms", where + " uses a price, fee, share or currency the contract does not say");
        }
        StatedAmount recomputed = line.recomputed(statement.notation());
        if (!recomputed.equals(line.exact())) {
            throw new MalformedException(
                    "statement/arithmetic", where + " says " + line.exact() + ", its factors come to " + recomputed);
        }
    }

    /** A creator's part of a flat price is its works among all works of the version, each of its works shown. */
    private static void checkParts(
            Statement statement, Map<String, ContractDocument> contracts, Map<Hash, Version> versions) {
        for (Statement.Line line : statement.lines()) {
            if (line.kind() != Statement.Kind.FLAT) {
                continue;
            }
            Version version = Optional.ofNullable(contracts.get(line.contract()))
                    .flatMap(ContractDocument::datasetVersion)
                    .flatMap(root -> Optional.ofNullable(versions.get(root)))
                    .orElseThrow(() -> new MalformedException(
                            "evidence/members", "the dataset version of a flat price is not shown"));
            if (!version.sized()) {
                throw new MalformedException(
                        "evidence/version-size",
                        "how many works share the flat price is not proven by the members shown");
            }
            long shown = version.creators().values().stream()
                    .filter(statement.party()::equals)
                    .count();
            long uses = line.basis() == Statement.Basis.CREATOR ? shown : version.size();
            if (line.worth().of() != version.size() || line.worth().uses() != uses) {
                throw new MalformedException(
                        "statement/part",
                        "the part " + line.worth().uses() + "/" + line.worth().of() + " of contract " + line.contract()
                                + " is not borne out by the members shown");
            }
        }
    }

    private static void checkTotals(Statement statement) {
        Map<String, StatedAmount> sums = new HashMap<>();
        for (Statement.Line line : statement.lines()) {
            sums.merge(line.contract(), line.exact(), StatedAmount::plus);
        }
        Set<String> seen = new HashSet<>();
        for (Statement.ContractTotal total : statement.contracts()) {
            StatedAmount sum =
                    sums.getOrDefault(total.contract(), statement.notation().zero());
            if (!seen.add(total.contract()) || !sum.equals(total.exact())) {
                throw new MalformedException(
                        "statement/contract-total", "the lines of contract " + total.contract() + " come to " + sum);
            }
            long due = Statement.ContractTotal.toPost(total.exactBefore(), total.exact(), total.postedBefore());
            if (due != total.posted()) {
                throw new MalformedException(
                        "statement/posted",
                        "contract " + total.contract() + " posts " + Statement.micros(total.posted()) + ", due is "
                                + Statement.micros(due));
            }
        }
        if (!seen.containsAll(sums.keySet())) {
            throw new MalformedException("statement/contract-total", "a contract of a line has no total");
        }
    }
}
