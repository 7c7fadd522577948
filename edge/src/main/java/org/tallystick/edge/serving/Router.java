package org.tallystick.edge.serving;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.sealing.Epoch;
import org.tallystick.edge.sealing.Epochs;
import org.tallystick.edge.status.Metrics;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ReleaseKey;

/** Decides by its path what answers a request: a work, a certificate, health, metrics or the description of all that. Safe from any thread. */
public final class Router {
    private static final String JSON = "application/json";
    private static final String RELEASE = "?" + ReleaseKey.QUERY + "=";
    private static final String CERTIFICATES = "/certificates/";

    private final Works works;
    private final Epochs epochs;
    private final Health health;
    private final Metrics metrics;

    public Router(Works works, Epochs epochs, Health health, Metrics metrics) {
        this.works = works;
        this.epochs = epochs;
        this.health = health;
        this.metrics = metrics;
    }

    void answer(Exchange exchange, HttpRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            exchange.refuse(Refusal.of(RefusalReason.METHOD_NOT_ALLOWED));
            return;
        }
        String uri = request.uri();
        int query = uri.indexOf(RELEASE);
        String path = path(query < 0 ? uri : uri.substring(0, query));
        Optional<String> release = query < 0 ? Optional.empty() : Optional.of(uri.substring(query + RELEASE.length()));
        if (path.startsWith("/works/")) {
            works.answer(exchange, new Works.Request(request.headers(), release), path);
        } else if (path.equals("/certificate")) {
            certificate(exchange, epochs.current().map(Epoch::compact), RefusalReason.EDGE_STARTING);
        } else if (path.startsWith(CERTIFICATES)) {
            certificate(
                    exchange,
                    epochs.certificate(number(path.substring(CERTIFICATES.length()))),
                    RefusalReason.CERTIFICATE_UNKNOWN);
        } else if (path.equals("/healthz")) {
            Health.Report report = health.report();
            exchange.document(report.serving() ? 200 : 503, JSON, Jcs.bytes(report.body()));
        } else if (path.equals("/metrics")) {
            exchange.document(
                    200,
                    "text/plain; version=0.0.4; charset=utf-8",
                    metrics.text().getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/openapi.yaml")) {
            exchange.document(200, ApiDocument.TYPE, ApiDocument.document());
        } else {
            exchange.refuse(Refusal.of(RefusalReason.PATH_UNKNOWN));
        }
    }

    private static void certificate(Exchange exchange, Optional<String> compact, RefusalReason missing) {
        if (compact.isPresent()) {
            exchange.document(
                    200,
                    JSON,
                    Jcs.bytes(Json.object().put("certificate", compact.get()).build()));
        } else {
            exchange.refuse(Refusal.of(missing));
        }
    }

    /**
     * The path of a target in origin or absolute form (RFC 9112, section 3.2). Clients may escape the colon, or set {@code ./}
     * before a name that has one (RFC 3986, section 4.2) and send it as it stands, as rclone does.
     */
    private static String path(String target) {
        String path = target;
        if (!target.startsWith("/")) {
            int scheme = target.indexOf("://");
            int slash = scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
            path = slash < 0 ? target : target.substring(slash);
        }
        String plain = path.indexOf("/./") < 0 ? path : path.replace("/./", "/");
        return plain.indexOf('%') < 0 ? plain : plain.replace("%3A", ":").replace("%3a", ":");
    }

    /** The number in a path; 0, which no epoch has, where there is none. */
    private static int number(String text) {
        return text.matches("[1-9]\\d{0,8}") ? Integer.parseInt(text) : 0;
    }
}
