package org.tallystick.edge.serving;

import java.nio.charset.StandardCharsets;
import org.tallystick.edge.cache.Member;
import org.tallystick.edge.cache.Membership;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;

/**
 * One work under one contract, with the header fields every delivery of it repeats as bytes: made once, so that
 * serving copies them instead of building text. Immutable, safe from any thread; the arrays are never written.
 *
 * @param extent how large the dataset version is
 * @param etag the entity tag, quoted
 * @param fields lines that stand in every answer
 * @param contentType lines that stand where there is a representation (not in a 304)
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, package-private, never written
record Offer(Member member, Membership.Extent extent, String etag, byte[] fields, byte[] contentType) {

    static Offer of(Member member, Membership.Extent extent, String contract) {
        String content = member.content().toString();
        String manifest = Base64Url.encode(Jcs.bytes(Json.object()
                .put("content_id", content)
                .put("creator_id", member.creator())
                .put("license_uri", member.licenseUri())
                .put("contract", contract)
                .put("manifest_id", member.manifest())
                .build()));
        String etag = "\"" + content + "\"";
        String fields = "ETag: " + etag + "\r\nAccept-Ranges: bytes\r\nCache-Control: private, no-cache\r\n"
                + (member.link().isEmpty() ? "" : "Link: <" + member.link() + ">; rel=\"license\"\r\n")
                + "Tallystick-Content-Id: " + content
                + "\r\nTallystick-Manifest: " + manifest + "\r\n";
        String type = "Content-Type: " + member.mediaType() + "\r\nX-Content-Type-Options: nosniff\r\n";
        return new Offer(
                member,
                extent,
                etag,
                fields.getBytes(StandardCharsets.US_ASCII),
                type.getBytes(StandardCharsets.US_ASCII));
    }
}
