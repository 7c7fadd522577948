package org.tallystick.platform.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.receipt.TokenId;

/**
 * The room's entries in the log: their types and bodies, written and read in one place. A grant's body is its claims, a
 * usage event's the signed event.
 */
final class Entries {
    static final String JOB = "job";
    static final String JOB_CLOSED = "job-closed";
    static final String JOB_ORDER = "job-order";
    static final String GRANT = "grant";
    static final String GRANT_REVOKED = "grant-revoked";
    static final String EDGE = "edge";
    static final String EDGE_CERTIFICATE = "edge-certificate";
    static final String EDGE_REVOKED = "edge-revoked";
    static final String EDGE_EQUIVOCATION = "edge-equivocation";
    static final String USAGE_EVENT = "usage-event";

    private static final String TRAINED_ON = "trained_on";

    private Entries() {}

    static Json.Obj job(Job job) {
        return Json.object()
                .put("job", job.id().value())
                .put("contract", job.contract().value())
                .put("buyer", job.buyer().value())
                .put("dataset", job.dataset().hex())
                .put("model", job.model())
                .build();
    }

    static Json.Obj jobOrder(String compact, ContentId table) {
        return Json.object()
                .put("order", compact)
                .put("table", table.toString())
                .build();
    }

    static Json.Obj jobClosed(Job job, List<ContentId> trainedOn, Optional<String> acknowledgement) {
        return Json.object()
                .put("job", job.id().value())
                .put(
                        TRAINED_ON,
                        Json.strings(trainedOn.stream().map(ContentId::toString).toList()))
                .putIfPresent("acknowledgement", acknowledgement)
                .build();
    }

    /** The content ids of a training manifest, sorted, each once. */
    static List<ContentId> trainedOn(Json.Obj body) {
        List<ContentId> works = new ArrayList<>();
        Fields.of(body, JOB_CLOSED).strings(TRAINED_ON).forEach(text -> works.add(ContentId.parse(text)));
        return works;
    }

    /** SHA-256 over the bytes of the content ids, so that two manifests are compared without reading them again. */
    static Hash manifestHash(List<ContentId> trainedOn) {
        byte[] bytes = new byte[trainedOn.size() * Hash.BYTES];
        for (int i = 0; i < trainedOn.size(); i++) {
            trainedOn.get(i).hash().writeTo(bytes, i * Hash.BYTES);
        }
        return Sha256.hash(bytes);
    }

    static Json.Obj grantRevoked(TokenId token, PartyId by, Words reason) {
        return Json.object()
                .put("token", token.toString())
                .put("by", by.value())
                .put("reason", reason.json())
                .build();
    }

    static Json.Obj edge(int edge, String name) {
        return Json.object()
                .put("edge", edge)
                .put("name", name)
                .put("party", Edge.partyOf(edge).value())
                .build();
    }

    static Json.Obj edgeCertificate(String compact) {
        return Json.object().put("certificate", compact).build();
    }

    static Json.Obj edgeRevoked(int edge, int epoch, PartyId by, Words reason) {
        return Json.object()
                .put("edge", edge)
                .put("epoch", epoch)
                .put("by", by.value())
                .put("reason", reason.json())
                .build();
    }

    static Json.Obj equivocation(SignedHeader recorded, SignedHeader presented) {
        return Json.object()
                .put("recorded", Base64Url.encode(recorded.encode()))
                .put("presented", Base64Url.encode(presented.encode()))
                .build();
    }

    static Equivocation equivocation(long position, Fields body) {
        return new Equivocation(position, header(body.text("recorded")), header(body.text("presented")));
    }

    private static SignedHeader header(String text) {
        return SignedHeader.decode(Base64Url.decode(text, "entry/malformed"), 0);
    }
}
