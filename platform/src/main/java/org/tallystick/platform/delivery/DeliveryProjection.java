package org.tallystick.platform.delivery;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.terms.UsageEvent;

/** Makes the room's tables from batches and from the documents of {@link Entries}. */
final class DeliveryProjection implements Projection {
    @Override
    public String name() {
        return "delivery";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        switch (entry) {
            case LogEntry.BatchEntry batch -> IntakeStore.add(tx, position, List.of(batch));
            case LogEntry.DocumentEntry document -> apply(tx, position, document);
        }
    }

    @Override
    public void applyAll(Handle tx, long first, List<LogEntry.BatchEntry> batches) {
        int from = 0;
        for (int to = 1; to <= batches.size(); to++) {
            if (to == batches.size() || !IntakeStore.together(batches.get(to - 1), batches.get(to))) {
                IntakeStore.add(tx, first + from, batches.subList(from, to));
                from = to;
            }
        }
    }

    private static void apply(Handle tx, long position, LogEntry.DocumentEntry document) {
        Fields body = Fields.of(document.body(), document.type());
        switch (document.type()) {
            case Entries.JOB -> JobStore.insert(tx, job(position, document, body));
            case Entries.JOB_CLOSED -> {
                List<ContentId> works = Entries.trainedOn(document.body());
                JobStore.close(
                        tx,
                        new JobId(body.text("job")),
                        new Job.Closed(position, document.time(), works.size(), body.optionalText("acknowledgement")),
                        Entries.manifestHash(works));
            }
            case Entries.JOB_ORDER -> {
                String compact = body.text("order");
                OrderStore.insert(
                        tx,
                        position,
                        JobOrder.ofPayload(Jws.parse(compact).payload()),
                        compact,
                        ContentId.parse(body.text("table")));
            }
            case Entries.GRANT -> JobStore.insertToken(tx, position, Grant.ofClaims(document.body()));
            case Entries.GRANT_REVOKED ->
                JobStore.revokeToken(tx, position, TokenId.parse(body.text("token")), document.time());
            case Entries.USAGE_EVENT -> UsageStore.insert(tx, position, UsageEvent.parse(document.body()));
            case Entries.EDGE ->
                EdgeStore.insert(tx, position, edge(body, 1), body.text("name"), new PartyId(body.text("party")));
            case Entries.EDGE_CERTIFICATE -> certificate(tx, position, body.text("certificate"));
            case Entries.EDGE_REVOKED ->
                EdgeStore.insertRevocation(
                        tx,
                        position,
                        edge(body, 1),
                        (int) body.integer("epoch", EdgeStore.EVERY_EPOCH, Integer.MAX_VALUE),
                        document.time(),
                        Words.clear(body, "reason"));
            case Entries.EDGE_EQUIVOCATION -> IntakeStore.insertEquivocation(tx, Entries.equivocation(position, body));
            default -> {
                return; // another room's
            }
        }
    }

    private static Job job(long position, LogEntry.DocumentEntry document, Fields body) {
        return Job.opened(
                new JobId(body.text("job")),
                position,
                new ContractId(body.text("contract")),
                new PartyId(body.text("buyer")),
                Hash.ofHex(body.text("dataset")),
                body.text("model"),
                document.time());
    }

    private static void certificate(Handle tx, long position, String compact) {
        EdgeCertificate certificate = EdgeStore.read(compact);
        EdgeStore.insertCertificate(tx, position, certificate, compact);
        IntakeStore.begin(tx, certificate.edge(), certificate.epoch());
    }

    private static int edge(Fields body, int min) {
        return (int) body.integer("edge", min, Integer.MAX_VALUE);
    }

    @Override
    public void reset(Handle tx) {
        ResetStore.empty(tx);
    }
}
