package org.tallystick.platform.api.handlers;

import java.util.Optional;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.TilePath;

/** The service itself: health, keys, this document, the log as its tiles. */
public final class MetaActions {
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String TILE_TYPE = "application/octet-stream";

    private final Rooms rooms;
    private final byte[] openapi;

    public MetaActions(Rooms rooms) {
        this.rooms = rooms;
        this.openapi = ApiDocument.joined();
    }

    public void bind(Routes routes) {
        routes.bind("health", this::health)
                .bind("openapi", call -> Answer.bytes(200, "application/yaml", openapi))
                .bind("keys", this::keys)
                .bind("checkpoint", this::checkpoint)
                .bind("tile", this::tile)
                .bind("entries", this::entries);
    }

    private Answer health(Call call) {
        if (rooms.sequencer().stoppedBy().isPresent()) {
            throw Problem.unavailable("service/stopped", "Stopped", "a broken invariant has stopped the log")
                    .asException();
        }
        rooms.database().read(tx -> true);
        return Answer.ok(Json.object()
                .put("status", "ok")
                .put("version", rooms.version())
                .put("log_size", rooms.log().size())
                .build());
    }

    private Answer keys(Call call) {
        return Answer.ok(Json.object()
                .put("platform", rooms.platform().toString())
                .put("vkey", rooms.log().key().toString())
                .put("origin", rooms.log().key().name())
                .build());
    }

    private Answer checkpoint(Call call) {
        return Answer.bytes(
                        200,
                        "text/plain; charset=utf-8",
                        rooms.log().checkpoint().encode())
                .header("Cache-Control", "no-cache");
    }

    private Answer tile(Call call) {
        return tile(call, "tile/" + call.path("tile"), "public");
    }

    private Answer entries(Call call) {
        return tile(call, "tile/entries/" + call.path("tile"), "private");
    }

    private Answer tile(Call call, String path, String who) {
        TilePath tile = call.path("tile", text -> TilePath.parse(path));
        Optional<byte[]> found = rooms.log().tile(tile);
        if (found.isEmpty()) {
            throw Problem.notFound("log/no-tile", "No such tile", "the log has no " + Fields.shown(path))
                    .asException();
        }
        return Answer.bytes(200, TILE_TYPE, found.get()).header("Cache-Control", FOREVER.replace("public", who));
    }
}
