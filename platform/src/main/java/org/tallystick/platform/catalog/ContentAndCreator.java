package org.tallystick.platform.catalog;

import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.receipt.ContentId;

/**
 * A work the curator wants in a version.
 *
 * @param creator whose it is; where several hold the same content, this says who is paid
 * @param manifestId which of the creator's manifests for it; empty for the newest
 */
public record ContentAndCreator(ContentId content, PartyId creator, Optional<String> manifestId) {
    public ContentAndCreator {
        Objects.requireNonNull(content);
        Objects.requireNonNull(creator);
        Objects.requireNonNull(manifestId);
    }

    /** The work under its newest manifest. */
    public ContentAndCreator(ContentId content, PartyId creator) {
        this(content, creator, Optional.empty());
    }
}
