package org.tallystick.platform.settlement.statements;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.delivery.GrantRecord;
import org.tallystick.platform.delivery.OrderRecord;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.metering.Batches;
import org.tallystick.platform.metering.Located;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.statement.Omission;
import org.tallystick.protocol.statement.OmissionVerifier;
import org.tallystick.protocol.statement.OpenedUsage;
import org.tallystick.protocol.statement.PaperFile;
import org.tallystick.protocol.statement.StatementEvidence;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * Makes the proof that a close left out a use, from a statement of the work's creator and the log that the close is a function
 * of. Gives nothing that does not verify: of an honest close, the reason why there is nothing to prove.
 */
final class OmissionMaker {
    private final Exporter.Sources sources;
    private final VersionProofs versions;
    private final OmissionVerifier verifier;
    private final NoteKey platform;

    OmissionMaker(Exporter.Sources sources, VersionProofs versions, NoteKey platform, Verifier verifier) {
        this.sources = sources;
        this.versions = versions;
        this.platform = platform;
        this.verifier = new OmissionVerifier(platform, verifier);
    }

    /** @param delivery as metering finds it */
    Outcome<byte[]> make(PaperFile statement, Located delivery) {
        Leaf leaf = delivery.receipt().leaf();
        if (delivery.key().isEmpty() || !delivery.counts()) {
            String why = delivery.isVoid()
                    ? "its edge has taken it back"
                    : delivery.reason().map(reason -> reason.words()).orElse("deliveries of this kind are no use");
            return refused("omission/no-use", leaf.receiptId() + " counts for nothing: " + why);
        }
        Optional<OpenedUsage> opened =
                statement.usage(delivery.key().get().contract().value());
        if (opened.isEmpty()) {
            return refused(
                    "omission/contract",
                    "the statement shows no uses under contract "
                            + delivery.key().get().contract());
        }
        byte[] proof = sources.database()
                .read(tx -> gather(tx, opened.get(), delivery.position(), leaf))
                .encode();
        try {
            verifier.verify(proof);
            return Outcome.accepted(proof);
        } catch (MalformedException nothing) {
            return refused(nothing.reason(), nothing.detail());
        }
    }

    private static Outcome<byte[]> refused(String type, String detail) {
        return Outcome.refused(Problem.conflict(type, "Nothing to prove", detail));
    }

    private Omission gather(Handle tx, OpenedUsage opened, long position, Leaf leaf) {
        StatementEvidence evidence = StatementEvidence.forOmission();
        SortedSet<Long> shown = new TreeSet<>(List.of(opened.close()));
        GrantRecord grant = sources.delivery().jobs().grant(tx, leaf.token()).orElseThrow();
        shown.add(grant.position());
        Member member = sources.catalog()
                .member(tx, grant.grant().dataset(), leaf.content())
                .orElseThrow();
        Optional<OrderRecord> order = grant.grant()
                .order()
                .flatMap(of -> sources.delivery()
                        .orders()
                        .find(tx, new ContractId(grant.grant().contract()), of.number()));
        order.ifPresent(record -> shown.add(record.position()));
        shown.forEach(at -> {
            if (sources.entries().apply(at) instanceof LogEntry.DocumentEntry document) {
                evidence.addDocument(at, document);
            }
        });
        Batches batches = sources.metering().batches();
        Batch batch = batches.single(position);
        evidence.addBatch(
                position,
                batches.entry(position),
                batch,
                List.of(Math.toIntExact(leaf.sequence() - batch.header().first())));
        evidence.addCertificate(sources.delivery()
                .edges()
                .certificate(tx, leaf.edge(), leaf.epoch())
                .orElseThrow()
                .compact());
        SortedSet<Integer> members = new TreeSet<>(List.of(member.ordinal()));
        MultiProof.corners(versions.size(tx, grant.grant().dataset()))
                .forEach(corner -> members.add(Math.toIntExact(corner)));
        versions.add(tx, grant.grant().dataset(), members, evidence);
        evidence.addUsage(new OpenedUsage(
                opened.close(), opened.index(), opened.path(), opened.opening().withoutAmount()));
        shown.add(position);
        long size = Math.max(opened.close(), shown.last()) + 1;
        evidence.log(sources.log().checkpointAt(size), sources.log().multiProof(shown, size));
        return new Omission(platform, evidence, order.map(record -> page(record, member.ordinal())));
    }

    private Omission.OrderPage page(OrderRecord order, int ordinal) {
        ReleaseTable table = sources.delivery().orders().table(order);
        List<Hash> pages = IntStream.range(0, table.pages())
                .mapToObj(page -> MerkleTree.leafHash(table.page(page)))
                .toList();
        int page = ordinal / ReleaseTable.PAGE_ENTRIES;
        return new Omission.OrderPage(table.page(page), MerkleTree.inclusionPath(pages, page));
    }
}
