package org.tallystick.protocol.statement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Decimals;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Hashes;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Everything that bears out a statement or an invoice, and nothing of any other party: the contracts as signed, the claims of the
 * grants, the edges' certificates, the members of the dataset versions that were used, the batches with just the leaves
 * behind the lines, and the proof that the batches are in the log.
 *
 * <p>Evidence of version 2 proves by inclusion under one checkpoint that the log has all of it: contracts, grants, the keys
 * of those who signed, the close that issued the statement, and the closes of the payee's statements before it. Version 1,
 * of before the log's change of format, proves that of batches only.
 *
 * <p>Gather with the {@code add} methods, then hand to {@link PaperFile#sign}. Not thread-safe.
 */
public final class StatementEvidence {
    /** Part of a dataset version, proven against its root. */
    record Version(Hash root, long size, SequencedMap<Long, Json.Obj> members, List<Hash> hashes) {}

    /** Part of a batch, proven against its root. */
    record BatchPart(long position, LogEntry.BatchEntry entry, SequencedMap<Long, byte[]> leaves, List<Hash> hashes) {}

    private final List<Json.Obj> contracts = new ArrayList<>();
    private final List<String> certificates = new ArrayList<>();
    private final List<Json.Obj> grants = new ArrayList<>();
    private final List<Version> versions = new ArrayList<>();
    private final List<BatchPart> parts = new ArrayList<>();
    private final List<LoggedDocument> documents = new ArrayList<>();
    private final List<Issued> issued = new ArrayList<>();
    private final List<OpenedUsage> usage = new ArrayList<>();
    private final boolean omission;
    private String checkpoint = "";
    private List<Hash> logHashes = List.of();

    /** What bears out a statement. */
    public StatementEvidence() {
        this(false);
    }

    private StatementEvidence(boolean omission) {
        this.omission = omission;
    }

    /** What bears out that a close left out a use: as for a statement of version 2, but that nothing is issued. */
    public static StatementEvidence forOmission() {
        return new StatementEvidence(true);
    }

    /**
     * A document of the log: a contract, a grant's claims, a party's key, a close. Each is added once.
     *
     * @param position of its entry in the log
     */
    public void addDocument(long position, LogEntry.DocumentEntry entry) {
        documents.add(new LoggedDocument(position, entry));
    }

    /**
     * Where a close commits to the statement, and then, newest first, to the payee's earlier ones up to those whose sums
     * this one carries on. Evidence with at least one is of version 2.
     */
    public void addIssued(Issued place) {
        issued.add(place);
    }

    /**
     * What a close commits to of a contract, opened to the payee: of each contract that the statement has a sum of, of the
     * statement's own close and of that of the statement before with a sum of it, where that close has such a thing.
     */
    public void addUsage(OpenedUsage opened) {
        usage.add(opened);
    }

    /** A contract, as its parties signed it; in evidence of version 1, which does not prove that it is in the log. */
    public void addContract(Json.Obj document) {
        contracts.add(document);
    }

    /** An edge's certificate, as the platform signed it. */
    public void addCertificate(String compact) {
        certificates.add(compact);
    }

    /** The claims of a grant, in evidence of version 1; never its token. */
    public void addGrant(Json.Obj claims) {
        grants.add(claims);
    }

    /**
     * Members of a dataset version.
     *
     * @param size members of the whole version
     * @param members by ordinal, at least one
     * @param hashes their {@link MultiProof}
     */
    public void addVersion(Hash root, long size, SortedMap<Long, Json.Obj> members, List<Hash> hashes) {
        versions.add(new Version(root, size, new TreeMap<>(members), List.copyOf(hashes)));
    }

    /**
     * Leaves of a batch. Batches are added in log order.
     *
     * @param position of the batch's entry in the log
     * @param indices of the leaves in the batch, at least one
     */
    public void addBatch(long position, LogEntry.BatchEntry entry, Batch batch, Iterable<Integer> indices) {
        byte[] bytes = batch.encode();
        TreeMap<Long, byte[]> leaves = new TreeMap<>();
        for (int index : indices) {
            leaves.put((long) index, batch.leaf(index).encode());
        }
        int count = batch.header().count();
        int length = batch.header().form().length();
        List<Hash> hashes = MultiProof.prove(
                count,
                leaves.navigableKeySet(),
                (from, to) -> MerkleTree.root(
                        bytes,
                        SignedHeader.LENGTH + Math.toIntExact(from) * length,
                        length,
                        Math.toIntExact(to - from)));
        parts.add(new BatchPart(position, entry, leaves, hashes));
    }

    /**
     * The log's word for the batches.
     *
     * @param note a signed checkpoint
     * @param hashes the {@link MultiProof} of all batches' positions under it; empty where there is no batch
     */
    public void log(SignedNote note, List<Hash> hashes) {
        checkpoint = note.toString();
        logHashes = List.copyOf(hashes);
    }

    List<Json.Obj> contracts() {
        return isAnchored() ? bodies(LoggedDocument.CONTRACT) : contracts;
    }

    /** Whether it proves by the log all that it shows: evidence of version 2. */
    boolean isAnchored() {
        return omission || !issued.isEmpty();
    }

    List<LoggedDocument> documents() {
        return documents;
    }

    List<Issued> issued() {
        return issued;
    }

    List<OpenedUsage> usage() {
        return usage;
    }

    private List<Json.Obj> bodies(String type) {
        return documents.stream()
                .filter(document -> document.type().equals(type))
                .map(document -> document.entry().body())
                .toList();
    }

    List<String> certificates() {
        return certificates;
    }

    List<Json.Obj> grants() {
        return isAnchored() ? bodies(LoggedDocument.GRANT) : grants;
    }

    List<Version> versions() {
        return versions;
    }

    List<BatchPart> parts() {
        return parts;
    }

    String checkpoint() {
        return checkpoint;
    }

    List<Hash> logHashes() {
        return logHashes;
    }

    Json.Obj json() {
        Json.Builder evidence = Json.object()
                .put(
                        "batches",
                        Json.array(parts.stream().map(StatementEvidence::json).toList()))
                .put("certificates", Json.strings(certificates))
                .put("checkpoint", checkpoint)
                .put("log_proof", Hashes.json(logHashes))
                .put(
                        "versions",
                        Json.array(
                                versions.stream().map(StatementEvidence::json).toList()));
        if (isAnchored()) {
            evidence.put(
                            "documents",
                            Json.array(
                                    documents.stream().map(LoggedDocument::json).toList()))
                    .put(
                            "issued",
                            Json.array(
                                    issued.stream().map(StatementEvidence::json).toList()))
                    .put(
                            "usage",
                            Json.array(usage.stream().map(OpenedUsage::json).toList()));
        } else {
            evidence.put("contracts", Json.array(contracts)).put("grants", Json.array(grants));
        }
        return evidence.build();
    }

    private static Json.Obj json(Issued place) {
        Json.Builder json = Json.object()
                .put("close", place.close())
                .put("index", place.index())
                .put("path", Hashes.json(place.path()))
                .putIfPresent("salt", place.salt().map(Salt::hex));
        place.paper().ifPresent(paper -> json.put(paper.noun(), paper.json()));
        return json.build();
    }

    private static Issued issued(Fields fields, Paper own) {
        Optional<Paper> shown =
                fields.optional(own.noun()).map(json -> own instanceof Invoice ? Invoice.of(json) : Statement.of(json));
        Issued place = new Issued(
                fields.integer("close", 0, Long.MAX_VALUE >> 11),
                (int) fields.integer("index", 0, Integer.MAX_VALUE),
                hashes(fields, "path"),
                fields.optionalText("salt").map(Salt::new),
                shown);
        fields.noOthers();
        return place;
    }

    private static Json.Obj json(BatchPart part) {
        Map<String, Json> leaves = new LinkedHashMap<>();
        part.leaves().forEach((index, leaf) -> leaves.put(index.toString(), Json.of(Base64Url.encode(leaf))));
        return Json.object()
                .put("bundle", part.entry().bundle().hex())
                .put("header", Base64Url.encode(part.entry().signed().encode()))
                .put("leaves", new Json.Obj(leaves))
                .put("length", part.entry().length())
                .put("offset", part.entry().offset())
                .put("position", part.position())
                .put("proof", Hashes.json(part.hashes()))
                .build();
    }

    private static Json.Obj json(Version version) {
        Map<String, Json> members = new LinkedHashMap<>();
        version.members().forEach((ordinal, member) -> members.put(ordinal.toString(), member));
        return Json.object()
                .put("members", new Json.Obj(members))
                .put("proof", Hashes.json(version.hashes()))
                .put("root", version.root().hex())
                .put("size", version.size())
                .build();
    }

    /**
     * @param anchored whether it is of version 2
     * @param paper what it bears out; earlier papers in it are of the same kind
     */
    static StatementEvidence of(Fields fields, boolean anchored, Paper paper) {
        return read(fields, anchored, Optional.of(paper), new StatementEvidence());
    }

    static StatementEvidence ofOmission(Fields fields) {
        return read(fields, true, Optional.empty(), forOmission());
    }

    private static StatementEvidence read(
            Fields fields, boolean anchored, Optional<Paper> paper, StatementEvidence evidence) {
        if (anchored) {
            fields.objects("documents").forEach(document -> evidence.documents.add(LoggedDocument.of(document)));
            for (Fields place : fields.objects("issued")) {
                evidence.issued.add(issued(
                        place,
                        paper.orElseThrow(() -> new MalformedException(
                                "evidence/issued", "the proof of an omission names no papers"))));
            }
            fields.objects("usage").forEach(opened -> evidence.usage.add(OpenedUsage.of(opened)));
            if (evidence.issued.isEmpty() != evidence.omission) {
                throw new MalformedException("evidence/issued", "no close is named that issued the paper");
            }
        } else {
            fields.objects("contracts").forEach(contract -> evidence.addContract(contract.object()));
            fields.objects("grants").forEach(grant -> evidence.addGrant(grant.object()));
        }
        fields.strings("certificates").forEach(evidence::addCertificate);
        fields.objects("versions").forEach(version -> evidence.versions.add(version(version)));
        fields.objects("batches").forEach(batch -> evidence.parts.add(part(batch)));
        evidence.checkpoint = fields.text("checkpoint");
        evidence.logHashes = hashes(fields, "log_proof");
        fields.noOthers();
        return evidence;
    }

    private static Version version(Fields fields) {
        TreeMap<Long, Json.Obj> members = new TreeMap<>();
        Fields stated = fields.fields("members");
        for (String ordinal : stated.object().members().keySet()) {
            members.put(
                    Decimals.parse(ordinal, "evidence/index"),
                    stated.fields(ordinal).object());
        }
        Version version = new Version(
                Hash.ofHex(fields.text("root")),
                fields.integer("size", 1, Integer.MAX_VALUE),
                members,
                hashes(fields, "proof"));
        fields.noOthers();
        return version;
    }

    private static BatchPart part(Fields fields) {
        TreeMap<Long, byte[]> leaves = new TreeMap<>();
        Fields stated = fields.fields("leaves");
        for (String index : stated.object().members().keySet()) {
            leaves.put(Decimals.parse(index, "evidence/index"), Base64Url.decode(stated.text(index), "evidence/leaf"));
        }
        byte[] header = Base64Url.decode(fields.text("header"), "evidence/header");
        if (header.length != SignedHeader.LENGTH) {
            throw new MalformedException("evidence/header", "a signed header has " + SignedHeader.LENGTH + " bytes");
        }
        LogEntry.BatchEntry entry = new LogEntry.BatchEntry(
                Hash.ofHex(fields.text("bundle")),
                fields.integer("offset", 0, 0xffffffffL),
                fields.integer("length", 1, 0xffffffffL),
                SignedHeader.decode(header, 0));
        BatchPart part = new BatchPart(
                fields.integer("position", 0, Long.MAX_VALUE >> 11), entry, leaves, hashes(fields, "proof"));
        fields.noOthers();
        return part;
    }

    private static List<Hash> hashes(Fields fields, String name) {
        return Hashes.read(fields, name, "evidence/proof");
    }
}
