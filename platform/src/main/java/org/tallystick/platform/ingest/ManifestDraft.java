package org.tallystick.platform.ingest;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.SaltedText;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;

/**
 * A manifest as it was sent: its form has been checked, what it says has not. Of content id, time and length the sender may
 * leave out what it does not know; a signed manifest must be complete, because nothing can be added under a signature.
 *
 * @param document as sent, with every member in it
 * @param contentId as sent, perhaps elided
 * @param licenseUri where the terms of the work stand
 * @param uploadTs when the sender says it was sent
 * @param bytes length of the content
 * @param free bytes that cost nothing
 * @param largeFree whether the creator says that more of the work than usual is to be free
 * @param salt random text that keeps the manifest's id from being guessed; a signature does the same
 */
public record ManifestDraft(
        Json.Obj document,
        Optional<String> contentId,
        PartyId creator,
        String licenseUri,
        Optional<Instant> uploadTs,
        Optional<Long> bytes,
        FreeRanges free,
        boolean largeFree,
        Optional<String> salt,
        Description description,
        Optional<ManifestSignature> signature) {
    /** Longest canonical form, in bytes. */
    public static final int MAX_BYTES = 24 * 1024;

    static final String SALT = "salt";
    private static final int MAX_SALT = 64;
    private static final int MAX_URI = 2_048;
    private static final int MAX_TEXT = 2_000;
    private static final int MAX_PATH = 4_096;
    private static final int MAX_STEPS = 64;
    private static final int MAX_DEPTH = 8;
    /** More than this much of a work is free only if its creator says so expressly. */
    private static final long MOST_FREE_BYTES = 1 << 20;

    private static final int MOST_FREE_PERCENT = 1;
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]{1,127}";
    private static final Pattern MEDIA_TYPE = Pattern.compile(TOKEN + "/" + TOKEN + "(?:\\s*;[\\x20-\\x7e]{1,200})?");

    public ManifestDraft {
        Objects.requireNonNull(document);
        Objects.requireNonNull(creator);
        Objects.requireNonNull(licenseUri);
        Objects.requireNonNull(description);
    }

    /**
     * Reads a manifest from JSON text.
     *
     * @throws MalformedException {@code json/…} or {@code manifest/…}
     */
    public static ManifestDraft parse(byte[] utf8) {
        if (utf8.length > 2 * MAX_BYTES) {
            throw tooLarge(utf8.length);
        }
        return parse(Json.parseObject(utf8));
    }

    /**
     * Reads a manifest.
     *
     * @throws MalformedException {@code json/…} or {@code manifest/…}
     */
    public static ManifestDraft parse(Json.Obj document) {
        refuseNul(document, 0);
        int size = Jcs.bytes(document).length;
        if (size > MAX_BYTES) {
            throw tooLarge(size);
        }
        Fields fields = Fields.of(document, "manifest");
        ManifestDraft draft = new ManifestDraft(
                document,
                text(fields, "content_id", MAX_TEXT),
                creator(fields),
                uri("manifest/license-uri", fields.text("license_uri", MAX_URI)),
                fields.optionalInstant("upload_ts"),
                fields.optionalInteger("bytes", 0, Long.MAX_VALUE),
                FreeRanges.read(fields, "free_ranges"),
                fields.optionalBool("free_ranges_large").orElse(false),
                text(fields, SALT, MAX_SALT),
                description(fields),
                fields.optionalFields("signature").map(ManifestSignature::parse));
        fields.noOthers();
        return draft;
    }

    private static Description description(Fields fields) {
        List<ProvenanceStep> steps = new ArrayList<>();
        for (Json step : fields.optionalArray("provenance_chain")) {
            steps.add(ProvenanceStep.parse(step, fields.path("provenance_chain") + "[" + steps.size() + "]"));
        }
        if (steps.size() > MAX_STEPS) {
            throw new MalformedException(
                    "manifest/provenance", steps.size() + " steps of provenance; " + MAX_STEPS + " are accepted");
        }
        return new Description(
                text(fields, "title", MAX_TEXT),
                text(fields, "attribution", MAX_TEXT),
                text(fields, "origin_url", MAX_URI).map(url -> uri("manifest/origin-url", url)),
                text(fields, "media_type", MAX_TEXT).map(ManifestDraft::mediaType),
                text(fields, "path", MAX_PATH),
                steps);
    }

    private static PartyId creator(Fields fields) {
        String id = fields.text("creator_id");
        try {
            return new PartyId(id);
        } catch (RefusedException e) {
            throw new MalformedException("manifest/creator-id", e.problem().detail());
        }
    }

    /** The optional member, at most so long; an empty text counts as none. */
    static Optional<String> text(Fields fields, String name, int max) {
        Optional<String> value = fields.optionalText(name);
        if (value.isPresent() && value.get().length() > max) {
            throw new MalformedException(
                    "json/text-length", fields.path(name) + " has more than " + max + " characters");
        }
        return value.filter(v -> !v.isEmpty());
    }

    private static String uri(String reason, String text) {
        try {
            if (new URI(text).isAbsolute()) {
                return text;
            }
        } catch (URISyntaxException e) {
            throw new MalformedException(reason, Fields.shown(text) + " is not a URI: " + e.getReason());
        }
        throw new MalformedException(reason, Fields.shown(text) + " is not an absolute URI");
    }

    private static String mediaType(String text) {
        if (!MEDIA_TYPE.matcher(text).matches()) {
            throw new MalformedException("manifest/media-type", Fields.shown(text) + " is not a media type");
        }
        return text;
    }

    /** The database cannot hold this character, and no name or title has a use for it. */
    private static void refuseNul(Json value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new MalformedException("manifest/too-deep", "a manifest nests at most " + MAX_DEPTH + " deep");
        }
        switch (value) {
            case Json.Obj object ->
                object.members().forEach((name, member) -> {
                    refuseNul(Json.of(name), depth + 1);
                    refuseNul(member, depth + 1);
                });
            case Json.Arr array -> array.items().forEach(item -> refuseNul(item, depth + 1));
            case Json.Str string -> {
                if (string.value().indexOf('\0') >= 0) {
                    throw new MalformedException("manifest/nul", "a text in the manifest holds the character U+0000");
                }
            }
            case Json.Num ignored -> {}
            case Json.Bool ignored -> {}
            case Json.Null ignored -> {}
        }
    }

    private static MalformedException tooLarge(int bytes) {
        return new MalformedException(
                "manifest/too-large", "a manifest of " + bytes + " bytes; " + MAX_BYTES + " are accepted");
    }

    /**
     * Whether what it says can be true now.
     *
     * @throws MalformedException {@code manifest/future-dated}, {@code manifest/signed-incomplete}, {@code
     *     manifest/free-ranges-unsigned}, {@code manifest/content-id-mismatch} for a content id that names no content at all, and as {@link
     *     ManifestSafety}
     */
    void check(Instant now) {
        if (uploadTs.isPresent() && uploadTs.get().isAfter(now.plus(AHEAD))) {
            throw new MalformedException(
                    "manifest/future-dated", "upload_ts " + uploadTs.get() + " lies ahead; here it is " + now);
        }
        if (signature.isPresent() && (contentId.isEmpty() || uploadTs.isEmpty())) {
            throw new MalformedException(
                    "manifest/signed-incomplete",
                    "a signed manifest needs content_id and upload_ts: nothing can be added under a signature");
        }
        ManifestSafety.check(this);
        if (signature.isEmpty() && !free.isEmpty()) {
            throw new MalformedException(
                    "manifest/free-ranges-unsigned", "which bytes of a work are free is signed by its creator");
        }
        expectedContent();
    }

    /** Whether the free bytes lie within the work, and are no more of it than is usual or said expressly. */
    private void checkFree(long length) {
        free.checkWithin(length);
        boolean large = free.bytes() > MOST_FREE_BYTES || free.bytes() > length / 100 * MOST_FREE_PERCENT;
        if (large && !largeFree) {
            throw new MalformedException(
                    "manifest/free-ranges-large",
                    free.bytes() + " of " + length + " bytes would be free, more than " + MOST_FREE_PERCENT
                            + " % or 1 MiB; a manifest that means it says \"free_ranges_large\": true");
        }
    }

    /** The content it names, if it names any. */
    Optional<ContentId> expectedContent() {
        return contentId.map(text -> {
            try {
                return ContentId.parse(text);
            } catch (MalformedException e) {
                throw new MalformedException("manifest/content-id-mismatch", e.detail());
            }
        });
    }

    /**
     * The manifest of this content.
     *
     * @param now taken for the time of the upload where the draft has none; one that is not signed is also given a salt
     * @throws MalformedException {@code manifest/content-id-mismatch}, {@code manifest/bytes-mismatch}, {@code
     *     free-ranges/beyond}, {@code manifest/free-ranges-large}
     */
    Manifest complete(ContentId content, long length, Instant now) {
        Optional<ContentId> expected = expectedContent();
        if (expected.isPresent() && !expected.get().equals(content)) {
            throw new MalformedException(
                    "manifest/content-id-mismatch",
                    "the manifest names " + expected.get() + ", the content received is " + content);
        }
        if (bytes.isPresent() && bytes.get() != length) {
            throw new MalformedException(
                    "manifest/bytes-mismatch",
                    "the manifest says " + bytes.get() + " bytes, the content received has " + length);
        }
        checkFree(length);
        Json.Obj named = document.with("content_id", Json.of(content.toString()));
        if (signature.isPresent()) {
            return Manifest.of(named, Optional.empty());
        }
        Json.Obj timed = uploadTs.isPresent() ? named : named.with("upload_ts", Json.of(now));
        Json.Obj salted = salt.isPresent() ? timed : timed.with(SALT, Json.of(SaltedText.freshSalt()));
        return Manifest.of(salted, Optional.of(Manifest.requestHash(salted, uploadTs.isEmpty())));
    }
}
