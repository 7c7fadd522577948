package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The platform's signed statement that it holds a work under a manifest; verified offline with the platform's key alone.
 *
 * @param bytes length of the content
 * @param signer the platform's key
 * @param time when the upload was complete
 * @param receipt compact JWS of type {@value #TYPE} over everything above and the creator
 * @param alsoClaimedBy other creators who have uploaded the same content, as of now; not part of what is signed
 */
public record UploadReceipt(
        String manifestId,
        ContentId content,
        PartyId creator,
        long bytes,
        DidKey signer,
        Instant time,
        String receipt,
        List<PartyId> alsoClaimedBy) {
    /** The {@code typ} of the receipt. */
    public static final String TYPE = "tallystick-upload-receipt+jws";

    public UploadReceipt {
        Objects.requireNonNull(manifestId);
        Objects.requireNonNull(content);
        Objects.requireNonNull(creator);
        alsoClaimedBy = List.copyOf(alsoClaimedBy);
    }

    UploadReceipt claimedBy(List<PartyId> others) {
        return new UploadReceipt(manifestId, content, creator, bytes, signer, time, receipt, others);
    }

    static String sign(Manifest manifest, long bytes, Instant time, Signer platform) {
        Json.Obj payload = Json.object()
                .put("manifest_id", manifest.id())
                .put("content_id", manifest.content().toString())
                .put("creator_id", manifest.form().creator().value())
                .put("bytes", bytes)
                .put("time", time)
                .build();
        return Jws.sign(TYPE, payload, platform).compact();
    }

    /** Reads a receipt that this platform has stored, without checking the signature again. */
    static UploadReceipt read(String compact, List<PartyId> alsoClaimedBy) {
        Jws jws = Jws.parse(compact);
        return of(jws, jws.payload(), alsoClaimedBy);
    }

    /**
     * Verifies a receipt somebody shows.
     *
     * @throws MalformedException {@code jws/…} or {@code json/…}
     */
    public static UploadReceipt verify(String compact, DidKey platform, Verifier verifier) {
        Jws jws = Jws.parse(compact);
        return of(jws, jws.verify(TYPE, platform, verifier), List.of());
    }

    private static UploadReceipt of(Jws jws, Json.Obj payload, List<PartyId> alsoClaimedBy) {
        Fields fields = Fields.of(payload, "receipt");
        UploadReceipt receipt = new UploadReceipt(
                fields.text("manifest_id"),
                ContentId.parse(fields.text("content_id")),
                new PartyId(fields.text("creator_id")),
                fields.integer("bytes", 0, Long.MAX_VALUE),
                jws.key(),
                fields.instant("time"),
                jws.compact(),
                alsoClaimedBy);
        fields.noOthers();
        return receipt;
    }

    /** What an uploader is answered; who else claims the content is not part of it. */
    public Json.Obj document() {
        return Json.object()
                .put("manifest_id", manifestId)
                .put("content_id", content.toString())
                .put("bytes", bytes)
                .put("signer", signer.toString())
                .put("time", time)
                .put("receipt", receipt)
                .build();
    }
}
