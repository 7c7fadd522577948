package org.tallystick.sdk;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;

/**
 * The manifest of a work to upload. Immutable; each method returns a copy with one more member. A change after
 * {@link #sign} drops the signature, which would no longer be valid.
 */
public final class ManifestDraft {
    private static final String SIGNATURE = "signature";

    private final Json.Obj json;

    private ManifestDraft(Json.Obj json) {
        this.json = json;
    }

    /** A draft with the two things every manifest says. */
    public static ManifestDraft of(String creatorId, String licenseUri) {
        return new ManifestDraft(Json.object()
                .put("creator_id", creatorId)
                .put("license_uri", licenseUri)
                .build());
    }

    /** A draft that exists as JSON already. */
    public static ManifestDraft of(Json.Obj json) {
        return new ManifestDraft(Objects.requireNonNull(json));
    }

    /** The work; without it the platform takes what the bytes hash to. */
    public ManifestDraft content(ContentId content) {
        return with("content_id", Json.of(content.toString()));
    }

    /** When the creator hands it in; without it the platform's time of receipt. */
    public ManifestDraft uploaded(Instant time) {
        return with("upload_ts", Json.of(time));
    }

    /** The byline. */
    public ManifestDraft attribution(String byline) {
        return with("attribution", Json.of(byline));
    }

    /** Earlier steps of the work's life, oldest first. */
    public ManifestDraft provenance(List<? extends Json> chain) {
        return with("provenance_chain", Json.array(chain));
    }

    /** Where the work comes from. */
    public ManifestDraft origin(String url) {
        return with("origin_url", Json.of(url));
    }

    /** What kind of file it is. */
    public ManifestDraft mediaType(String mediaType) {
        return with("media_type", Json.of(mediaType));
    }

    /** Its name among the creator's works. */
    public ManifestDraft path(String path) {
        return with("path", Json.of(path));
    }

    /** Its title. */
    public ManifestDraft title(String title) {
        return with("title", Json.of(title));
    }

    /** Bytes that cost nothing, at most 1 % of the work and 1 MiB; a manifest that has them is signed. */
    public ManifestDraft free(FreeRanges ranges) {
        return ranges.json().map(free -> with("free_ranges", free)).orElse(this);
    }

    /** Bytes that cost nothing, more than usual. */
    public ManifestDraft freeLarge(FreeRanges ranges) {
        return free(ranges).with("free_ranges_large", Json.of(true));
    }

    /** The draft signed by the creator, over its canonical form without {@code signature}. */
    public ManifestDraft sign(Signer creator) {
        Json.Obj unsigned = json.without(SIGNATURE);
        return new ManifestDraft(unsigned.with(
                SIGNATURE,
                Json.object()
                        .put("key", new DidKey(creator.publicKey()).toString())
                        .put("sig", "0x" + HexFormat.of().formatHex(creator.sign(Jcs.bytes(unsigned))))
                        .build()));
    }

    /** The draft as JSON. */
    public Json.Obj json() {
        return json;
    }

    private ManifestDraft with(String name, Json value) {
        return new ManifestDraft(json.without(SIGNATURE).with(name, value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ManifestDraft that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return Jcs.text(json);
    }
}
