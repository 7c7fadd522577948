package org.tallystick.platform.api.handlers;

import java.util.Optional;
import java.util.function.Supplier;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.sign.DidKey;

/** The service itself: health, keys, this document, the log as its tiles. */
public final class MetaActions {
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String TILE_TYPE = "application/octet-stream";

    private final String version;
    private final DidKey platform;
    private final TransparencyLog log;
    private final Supplier<Optional<String>> stopped;
    private final Database database;
    private final byte[] openapi;

    /**
     * @param version of the software, for {@code /healthz}
     * @param platform the platform's public key
     * @param stopped says which of the threads that do the platform's work has ended, and why
     */
    public MetaActions(
            String version,
            DidKey platform,
            TransparencyLog log,
            Supplier<Optional<String>> stopped,
            Database database) {
        this.version = version;
        this.platform = platform;
        this.log = log;
        this.stopped = stopped;
        this.database = database;
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
        Optional<String> why = stopped.get();
        if (why.isPresent()) {
            throw Problem.unavailable("service/stopped", "Stopped", why.get()).asException();
        }
        database.read(tx -> true);
        return Answer.ok(Json.object()
                .put("status", "ok")
                .put("version", version)
                .put("log_size", log.size())
                .build());
    }

    private Answer keys(Call call) {
        return Answer.ok(Json.object()
                .put("platform", platform.toString())
                .put("vkey", log.key().toString())
                .put("origin", log.key().name())
                .build());
    }

    private Answer checkpoint(Call call) {
        return Answer.bytes(200, "text/plain; charset=utf-8", log.checkpoint().encode())
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
        Optional<byte[]> found = log.tile(tile);
        if (found.isEmpty()) {
            throw Problem.notFound("log/no-tile", "No such tile", "the log has no " + Fields.shown(path))
                    .asException();
        }
        return Answer.bytes(200, TILE_TYPE, found.get()).header("Cache-Control", FOREVER.replace("public", who));
    }
}
