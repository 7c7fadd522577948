package org.tallystick.platform.ingest;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;

/** Manifests and contents for tests. */
public final class Manifests {
    public static final String LICENSE = "https://marketplace.example/licenses/6789";

    private Manifests() {}

    /** The least a manifest says. */
    static Json.Obj least(String creator) {
        return Json.object()
                .put("creator_id", creator)
                .put("license_uri", LICENSE)
                .build();
    }

    /** A complete manifest of this content, unsigned. */
    static Json.Obj complete(String creator, byte[] content) {
        return least(creator)
                .with("content_id", Json.of(ContentId.of(content).toString()))
                .with("upload_ts", Json.of(TestRooms.START))
                .with("bytes", Json.of(content.length));
    }

    static ManifestDraft draft(Json.Obj document) {
        return ManifestDraft.parse(document);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static InputStream stream(byte[] content) {
        return new ByteArrayInputStream(content);
    }

    /** Uploads a text in the name of its creator and gives what a dataset version asks for. */
    public static ContentAndCreator upload(TestRooms rooms, Principal creator, String text) {
        return upload(rooms, creator, text, LICENSE, "text/plain");
    }

    /** As above, under that licence and media type. */
    public static ContentAndCreator upload(
            TestRooms rooms, Principal creator, String text, String license, String mediaType) {
        ManifestDraft draft = draft(least(creator.id().value())
                .with("license_uri", Json.of(license))
                .with("media_type", Json.of(mediaType))
                .with("path", Json.of("texts/" + text.length() + "/" + Integer.toHexString(text.hashCode()))));
        UploadReceipt receipt =
                rooms.ingest().upload(creator, draft, stream(bytes(text))).orThrow();
        return new ContentAndCreator(receipt.content(), creator.id());
    }
}
