package org.tallystick.bench.soak;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.ForkProof;
import org.tallystick.protocol.log.InclusionProof;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.UsageEvent;

/** Every decoder of the protocol, with valid examples from which nearly valid input is made. */
final class Decoders {
    private static final Signer KEY = Ed25519.signer(Sha256.hash(utf8("fuzz")).toBytes());
    private static final DidKey DID = new DidKey(KEY.publicKey());
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final Hash DATASET = Sha256.hash(utf8("a dataset"));
    private static final ContentId CONTENT = ContentId.of(utf8("a work"));

    private Decoders() {}

    static List<Decoder> all() {
        Batch batch = batch();
        byte[] note = SignedNote.sign(
                        new Checkpoint("log.example/tally", 7, CONTENT.hash()).text(),
                        new NoteSigner("log.example/tally", KEY))
                .encode();
        List<byte[]> entries = List.of(
                new LogEntry.BatchEntry(CONTENT.hash(), 0, batch.length(), batch.signed()).encode(),
                utf8("{\"body\":{\"a\":1},\"time\":\"2026-02-01T00:00:00.000Z\",\"type\":\"manifest\"}"));
        List<Decoder> all = new ArrayList<>();
        all.add(new Decoder("leaf", List.of(leaf(1).encode()), Leaf::decode));
        all.add(new Decoder(
                "batch", List.of(batch.encode()), in -> Batch.decodeAll(in).forEach(Batch::check)));
        all.add(new Decoder(
                "receipt",
                List.of(batch.receipt(1).encode()),
                in -> Receipt.decode(in).checkPath()));
        all.add(text(
                "receipt text", batch.receipt(2).text(), in -> Receipt.parse(in).checkPath()));
        all.add(text("token", grant().sign(KEY), Jws::parse));
        all.add(json("grant", grant().claims(), Grant::ofClaims));
        all.add(json("edge certificate", certificate().payload(), EdgeCertificate::ofPayload));
        all.add(new Decoder("json", List.of(contract(), Jcs.bytes(event())), Json::parse));
        all.add(new Decoder("contract", List.of(contract()), ContractDocument::parse));
        all.add(new Decoder("usage event", List.of(Jcs.bytes(event())), UsageEvent::parse));
        all.add(new Decoder(
                "signed note", List.of(note), in -> SignedNote.parse(in).text()));
        all.add(text("checkpoint", new Checkpoint("log.example/tally", 7, CONTENT.hash()).text(), Checkpoint::parse));
        all.add(new Decoder("inclusion proof", List.of(proof(note).encode()), InclusionProof::parse));
        all.add(new Decoder(
                "proof of a fork",
                List.of(new ForkProof(SignedNote.parse(note), SignedNote.parse(note), List.of(DATASET)).encode()),
                ForkProof::parse));
        all.add(new Decoder("log entry", entries, in -> LogEntry.decode(in, id -> new byte[0])));
        all.add(new Decoder("entry bundle", List.of(EntryBundle.encode(entries)), in -> EntryBundle.decode(in, 2)));
        all.add(text("tile path", "tile/0/x001/234.p/5", TilePath::parse));
        all.add(text("key", DID.toString(), DidKey::parse));
        all.add(text(
                "note key", NoteKey.of("log.example/tally", KEY.publicKey()).toString(), NoteKey::parse));
        all.add(text("content id", CONTENT.toString(), ContentId::parse));
        return all;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Decoder text(String name, String example, Consumer<String> read) {
        return new Decoder(
                name, List.of(utf8(example)), in -> read.accept(new String(in, StandardCharsets.ISO_8859_1)));
    }

    private static Decoder json(String name, Json.Obj example, Consumer<Json.Obj> read) {
        return new Decoder(name, List.of(Jcs.bytes(example)), in -> read.accept(Json.parseObject(in)));
    }

    private static Grant grant() {
        return new Grant(
                "log.example/tally",
                "buyer-7",
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                CONTENT.hash(),
                NOW,
                NOW.plusSeconds(3_600),
                Optional.of(1_000L));
    }

    private static EdgeCertificate certificate() {
        return new EdgeCertificate(3, "edge three", 2, DID, NOW, NOW.plusSeconds(86_400));
    }

    private static Leaf leaf(long sequence) {
        return new Leaf(
                LeafKind.FULL,
                Scope.TRAINING,
                false,
                3,
                2,
                sequence,
                NOW.toEpochMilli(),
                grant().tokenId(),
                CONTENT,
                1_001,
                0,
                new byte[Leaf.SALT_LENGTH]);
    }

    private static Batch batch() {
        int count = 5;
        byte[] leaves = new byte[count * Leaf.LENGTH];
        for (int i = 0; i < count; i++) {
            leaf(1 + i).encode(leaves, i * Leaf.LENGTH);
        }
        return Batch.seal(leaves, BatchHeader.NONE, KEY);
    }

    private static byte[] contract() {
        Json.Obj terms = Json.parseObject(utf8("""
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"cnf-1","datasetId":"ds-1",
                 "buyerId":"buyer-7","curatorId":"curator-11","datasetVersion":"%s","platformFeeShare":0.05,
                 "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P1Y",
                   "regionRestrictions":["EU"]},
                 "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":0.005},
                 "payout":{"type":"monthly-reconciliation","split":[
                   {"recipientId":"creators","share":0.8},{"recipientId":"curator-11","share":0.2}]}}
                """.formatted(CONTENT.hash().hex())));
        return Jcs.bytes(ContractDocument.parse(terms).sign("buyer-7", KEY, NOW).json());
    }

    private static Json.Obj event() {
        return UsageEvent.sign(
                        Json.object()
                                .put("eventType", "usage.batch")
                                .put("contractId", "cnf-1")
                                .put("datasetVersion", CONTENT.hash().hex())
                                .put("jobId", "job-1")
                                .put("batchId", "b-1")
                                .put("epoch", 0)
                                .put("sequence", 1)
                                .put("model", "a model")
                                .put("sampleCount", 4_720)
                                .put("pricePerSampleUsd", Json.of(new BigDecimal("0.005")))
                                .put("timestamp", NOW)
                                .build(),
                        KEY)
                .json();
    }

    private static InclusionProof proof(byte[] note) {
        return new InclusionProof(Optional.empty(), 3, List.of(CONTENT.hash(), DATASET), SignedNote.parse(note));
    }
}
