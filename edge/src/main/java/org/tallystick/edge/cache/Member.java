package org.tallystick.edge.cache;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;

/**
 * What a dataset version says of one work, as far as an edge needs it. Text that will stand in response headers is made
 * safe here, once: it was written by creators.
 *
 * @param ordinal place in the version's list, from 0
 * @param bytes length of the work, at least 0
 * @param mediaType a media type fit for a header
 * @param licenseUri as stated, for the licence manifest
 * @param link the licence as an ASCII URI reference fit for a header
 * @param free what of the work is given away
 */
public record Member(
        int ordinal,
        ContentId content,
        String creator,
        String manifest,
        long bytes,
        String mediaType,
        String licenseUri,
        String link,
        FreeRanges free) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern MEDIA_TYPE =
            Pattern.compile(TOKEN + "/" + TOKEN + "( ?; ?" + TOKEN + "=(" + TOKEN + "|\"[ !#-\\[\\]-~]*\"))*");
    private static final String UNSAFE_IN_LINK = "<>\"\\^`{|}";
    private static final long MOST_BYTES = (1L << 48) - 1; // what a leaf can say
    private static final int MAX_HEADER_TEXT = 2048;

    public Member {
        Objects.requireNonNull(content);
        Objects.requireNonNull(creator);
        Objects.requireNonNull(manifest);
    }

    /** Reads a member; fields an edge does not need are ignored. */
    static Member of(int ordinal, Fields fields) {
        String licenseUri = fields.text("license_uri");
        if (licenseUri.length() > MAX_HEADER_TEXT) {
            throw new MalformedException(
                    "member/license-uri", "a licence URI has at most " + MAX_HEADER_TEXT + " characters");
        }
        long bytes = fields.integer("bytes", 0, MOST_BYTES);
        return new Member(
                ordinal,
                ContentId.parse(fields.text("content_id")),
                fields.text("creator_id", 64),
                fields.text("manifest_id", 256),
                bytes,
                mediaType(fields.text("media_type")),
                licenseUri,
                link(licenseUri),
                freeRanges(fields, bytes));
    }

    private static FreeRanges freeRanges(Fields fields, long bytes) {
        FreeRanges free = FreeRanges.read(fields, "free_ranges");
        free.checkWithin(bytes);
        return free;
    }

    private static String mediaType(String text) {
        return text.length() <= 256 && MEDIA_TYPE.matcher(text).matches() ? text : "application/octet-stream";
    }

    private static String link(String uri) {
        StringBuilder out = new StringBuilder();
        for (byte b : uri.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c <= 0x20 || c >= 0x7f || UNSAFE_IN_LINK.indexOf(c) >= 0) {
                out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
