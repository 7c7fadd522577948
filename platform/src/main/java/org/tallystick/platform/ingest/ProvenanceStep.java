package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * One step in how a work came about, oldest first: an activity, what it used and who did it (W3C PROV).
 *
 * @param entity URI or content id of what was used
 * @param activity what was done, as a URI or in words
 * @param agent who did it
 * @param time when it was done
 */
public record ProvenanceStep(
        Optional<String> entity, Optional<String> activity, Optional<String> agent, Optional<Instant> time) {
    private static final int MAX = 2_048;

    /** @throws MalformedException {@code manifest/provenance} for a step that says nothing */
    public ProvenanceStep {
        if (entity.isEmpty() && activity.isEmpty()) {
            throw new MalformedException(
                    "manifest/provenance", "a step of the provenance names an entity or an activity");
        }
    }

    static ProvenanceStep parse(Json value, String where) {
        Fields fields = Fields.of(value, where);
        ProvenanceStep step = new ProvenanceStep(
                ManifestDraft.text(fields, "entity", MAX),
                ManifestDraft.text(fields, "activity", MAX),
                ManifestDraft.text(fields, "agent", MAX),
                fields.optionalInstant("time"));
        fields.noOthers();
        return step;
    }
}
