package org.tallystick.sdk;

import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;

/**
 * The licence manifest an edge sends with every answer: whose work it is and under what it may be used.
 *
 * @param contract under which it was delivered
 * @param manifestId the work's manifest at the platform
 */
public record LicenceNotice(ContentId content, String creator, String licenseUri, String contract, String manifestId) {
    /** The HTTP header that carries it. */
    static final String HTTP_HEADER = "Tallystick-Manifest";

    static LicenceNotice parse(String header) {
        Fields fields =
                Fields.of(Json.parseObject(Base64Url.decode(header, "delivery/manifest-malformed")), "manifest");
        return new LicenceNotice(
                ContentId.parse(fields.text("content_id")),
                fields.text("creator_id"),
                fields.text("license_uri"),
                fields.text("contract"),
                fields.text("manifest_id"));
    }
}
