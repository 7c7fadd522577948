package org.tallystick.sdk;

import java.time.Instant;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Verifier;

/**
 * The platform's signed confirmation that it stores a work with a manifest.
 *
 * @param bytes length of the work
 * @param signer the platform's key
 * @param receipt compact JWS of type {@link #TYPE} over the same facts; keep this one
 */
public record UploadReceipt(
        String manifestId, ContentId content, long bytes, DidKey signer, Instant time, String receipt) {
    /** The {@code typ} of the JWS. */
    public static final String TYPE = "tallystick-upload-receipt+jws";

    static UploadReceipt of(Fields fields) {
        return new UploadReceipt(
                fields.text("manifest_id"),
                ContentId.parse(fields.text("content_id")),
                fields.integer("bytes", 0, Long.MAX_VALUE >> 11),
                DidKey.parse(fields.text("signer")),
                fields.instant("time"),
                fields.text("receipt"));
    }

    /**
     * Verifies the receipt offline, and that the facts beside it are those it signs.
     *
     * @throws UntrustedException with the reason
     */
    public void verify(DidKey platform, Verifier verifier) {
        try {
            Json.Obj signed = Jws.parse(receipt).verify(TYPE, platform, verifier);
            Fields payload = Fields.of(signed, "receipt");
            boolean same = payload.text("manifest_id").equals(manifestId)
                    && payload.text("content_id").equals(content.toString())
                    && payload.integer("bytes", 0, Long.MAX_VALUE >> 11) == bytes
                    && payload.text("time").equals(Times.text(time));
            if (!same) {
                throw new UntrustedException(
                        "upload/receipt-differs", "the signed receipt is about something else than the answer says");
            }
        } catch (MalformedException e) {
            throw new UntrustedException(e);
        }
    }
}
