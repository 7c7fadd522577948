package org.tallystick.edge.serving;

import java.util.Map;
import java.util.Optional;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.sealing.Epoch;
import org.tallystick.edge.sealing.Epochs;
import org.tallystick.edge.spool.Spool;
import org.tallystick.edge.status.Standing;
import org.tallystick.protocol.codec.Json;

/** What the edge says of its own state, to people and to load balancers. Safe from any thread. */
public final class Health {
    private final int edge;
    private final Admission admission;
    private final Epochs epochs;
    private final Spool spool;
    private final Standing standing;

    public Health(int edge, Admission admission, Epochs epochs, Spool spool, Standing standing) {
        this.edge = edge;
        this.admission = admission;
        this.epochs = epochs;
        this.spool = spool;
        this.standing = standing;
    }

    /**
     * @param serving whether works are delivered now
     */
    record Report(boolean serving, Json.Obj body) {}

    Report report() {
        Optional<Refusal> unready = admission.ready();
        if (unready.isEmpty() && admission.isFull()) {
            unready = Optional.of(Refusal.of(RefusalReason.SPOOL_FULL));
        }
        Map<Integer, String> blocked = spool.blocked();
        String status = unready.map(refusal -> refusal.reason().type())
                .orElse(blocked.isEmpty() && standing.trouble().isEmpty() ? "ok" : "degraded");
        Json.Builder body = Json.object()
                .put("status", status)
                .put("edge", edge)
                .put("epoch", epochs.current().map(Epoch::number).orElse(0))
                .put("spool_bytes", spool.backlog().bytes())
                .put("unacknowledged", spool.backlog().leaves())
                .putIfPresent("platform", standing.trouble());
        if (!blocked.isEmpty()) {
            Json.Builder epochsBlocked = Json.object();
            blocked.forEach((number, why) -> epochsBlocked.put(Integer.toString(number), why));
            body.put("blocked", epochsBlocked.build());
        }
        return new Report(unready.isEmpty(), body.build());
    }
}
