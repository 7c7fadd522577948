package org.tallystick.platform.ingest;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Refuses manifests whose words would do harm where they are used later: a path that leads out of the folder somebody unpacks
 * into, a line break in what becomes a header, a link that runs code. Asked when a work comes in; what the log holds already
 * stays readable.
 */
final class ManifestSafety {
    /** What a link of a manifest may begin with: places and names, nothing that a browser would run. */
    private static final Set<String> SCHEMES =
            Set.of("https", "http", "urn", "did", "doi", "info", "tag", "ipfs", "ipns", "ar", "ftp", "mailto");

    private static final Set<String> NOT_A_NAME = Set.of("", ".", "..");
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    private ManifestSafety() {}

    /** @throws MalformedException {@code manifest/path}, {@code manifest/media-type}, {@code manifest/license-uri}, {@code
     *     manifest/origin-url} */
    static void check(ManifestDraft draft) {
        draft.description().path().ifPresent(ManifestSafety::path);
        draft.description().mediaType().ifPresent(type -> line("manifest/media-type", "media_type", type));
        link("manifest/license-uri", draft.licenseUri());
        draft.description().originUrl().ifPresent(url -> link("manifest/origin-url", url));
    }

    private static void path(String path) {
        line("manifest/path", "path", path);
        boolean drive = path.matches("[A-Za-z]:.*");
        if (drive || List.of(path.split("[/\\\\]", -1)).stream().anyMatch(NOT_A_NAME::contains)) {
            throw new MalformedException(
                    "manifest/path",
                    Fields.shown(path)
                            + " is not a path below a folder: names with / between them, none of them empty, . or ..");
        }
    }

    private static void line(String reason, String member, String text) {
        if (text.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR)) {
            throw new MalformedException(
                    reason, member + " " + Fields.shown(text) + " holds a line break or another control character");
        }
    }

    private static void link(String reason, String uri) {
        String scheme = String.valueOf(URI.create(uri).getScheme()).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new MalformedException(
                    reason, Fields.shown(uri) + " begins with " + scheme + ":, which is not accepted for a link");
        }
    }
}
