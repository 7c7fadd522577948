package org.tallystick.platform.ingest;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a manifest says about a work for people and catalogues.
 *
 * @param attribution the byline to be shown
 * @param originUrl where the work was first published
 * @param path name of the work within the creator's collection, exactly as it is there
 * @param provenance how it came about, oldest step first
 */
public record Description(
        Optional<String> title,
        Optional<String> attribution,
        Optional<String> originUrl,
        Optional<String> mediaType,
        Optional<String> path,
        List<ProvenanceStep> provenance) {
    public Description {
        Objects.requireNonNull(title);
        Objects.requireNonNull(attribution);
        Objects.requireNonNull(originUrl);
        Objects.requireNonNull(mediaType);
        Objects.requireNonNull(path);
        provenance = List.copyOf(provenance);
    }
}
