package org.tallystick.platform.catalog;

import java.util.List;
import java.util.Objects;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/**
 * A version to publish; the dataset comes into being with its first.
 *
 * @param title 1 to {@value #MAX_TITLE} characters
 * @param description up to {@value #MAX_DESCRIPTION} characters
 * @param members 1 to {@value #MAX_MEMBERS}, in any order, no content twice
 */
public record PublishVersion(
        DatasetId dataset, PartyId curator, String title, String description, List<ContentAndCreator> members) {
    public static final int MAX_TITLE = 300;
    public static final int MAX_DESCRIPTION = 20_000;
    public static final int MAX_MEMBERS = 1_000_000;

    /** @throws RefusedException {@code catalog/title}, {@code catalog/description}, {@code catalog/members} */
    public PublishVersion {
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(curator);
        if (title.isBlank() || title.length() > MAX_TITLE || title.indexOf('\0') >= 0) {
            throw refused("catalog/title", "Unusable title", "a title has 1 to " + MAX_TITLE + " characters");
        }
        if (description.length() > MAX_DESCRIPTION || description.indexOf('\0') >= 0) {
            throw refused(
                    "catalog/description",
                    "Unusable description",
                    "a description has up to " + MAX_DESCRIPTION + " characters");
        }
        members = List.copyOf(members);
        if (members.isEmpty() || members.size() > MAX_MEMBERS) {
            throw refused(
                    "catalog/members",
                    "Unusable list of members",
                    "a version has 1 to " + MAX_MEMBERS + " works, not " + members.size());
        }
    }

    private static RefusedException refused(String type, String title, String detail) {
        return Problem.invalid(type, title, detail).asException();
    }
}
