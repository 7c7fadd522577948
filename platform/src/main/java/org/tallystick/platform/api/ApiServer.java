package org.tallystick.platform.api;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.tallystick.platform.api.dispatch.Action;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Dispatcher;
import org.tallystick.platform.api.dispatch.Idempotency;
import org.tallystick.platform.api.dispatch.JettyErrors;
import org.tallystick.platform.api.dispatch.KeyDoor;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.platform.api.dispatch.Problems;
import org.tallystick.platform.kernel.PrivateFolder;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.SignedRequests;

/**
 * The HTTP server: every operation of the OpenAPI document on virtual threads. Answers as soon as it is made; closing waits
 * for nothing but the requests being carried out.
 */
public final class ApiServer implements AutoCloseable {
    /** Longest header section of a request and of an answer, in bytes. */
    private static final int MAX_HEADERS = 64 << 10;

    /** How long closing waits for requests that are being carried out, in milliseconds. */
    private static final long STOP_WITHIN_MS = 5_000;

    /** A connection on which nothing moves for so long is closed, in milliseconds. */
    private static final long IDLE_MS = 300_000;

    /** The same while the server stops: a connection nobody is using must not delay that. */
    private static final long SHUTDOWN_IDLE_MS = 20;

    /** Connections that may wait to be accepted at the same moment; with the standard 50 the others are reset. */
    private static final int BACKLOG = 1_024;

    private final Javalin javalin;
    private final String host;

    private ApiServer(Javalin javalin, String host) {
        this.javalin = javalin;
        this.host = host;
    }

    /**
     * Starts to listen.
     *
     * @param keys who tells whose API key a text is
     * @param requests who tells whether a request is signed by its party
     * @param actions what carries out each operation of the policy
     * @throws UncheckedIOException if the directory for temporary files cannot be made
     * @throws RuntimeException if the address is taken
     */
    public static ApiServer start(
            ApiConfig config,
            KeyDoor keys,
            SignedRequests requests,
            Idempotency idempotency,
            Map<String, Action> actions) {
        try {
            PrivateFolder.own(config.temporary());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Dispatcher dispatcher = new Dispatcher(keys, requests, idempotency, config.temporary());
        Javalin javalin = Javalin.create(javalinConfig -> {
            configure(javalinConfig, config);
            Policy.endpoints().forEach((operation, endpoint) -> {
                Action action = Objects.requireNonNull(actions.get(operation));
                endpoint.methods()
                        .forEach(method -> javalinConfig.routes.addHttpHandler(
                                HandlerType.findOrCreate(method),
                                endpoint.route(),
                                context -> dispatcher.handle(context, endpoint, action)));
            });
            javalinConfig.routes.error(404, ApiServer::unknownPath);
            javalinConfig.routes.error(405, ApiServer::wrongMethod);
            javalinConfig.routes.exception(Exception.class, (e, context) -> writeQuietly(context, Problems.answer(e)));
        });
        javalin.start();
        return new ApiServer(javalin, config.host());
    }

    private static void configure(JavalinConfig config, ApiConfig settings) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
        config.http.generateEtags = false;
        config.http.defaultContentType = Answer.JSON;
        config.router.ignoreTrailingSlashes = false;
        config.router.treatMultipleSlashesAsSingleSlash = false;
        config.jetty.addConnector((server, http) -> connector(server, http, settings));
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new JettyErrors());
            server.setStopTimeout(STOP_WITHIN_MS);
        });
    }

    private static Connector connector(Server server, HttpConfiguration http, ApiConfig settings) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(MAX_HEADERS);
        http.setResponseHeaderSize(MAX_HEADERS);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(IDLE_MS);
        connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_MS);
        return connector;
    }

    private static void unknownPath(Context context) {
        if (!Dispatcher.hasAnswered(context)) {
            writeQuietly(
                    context,
                    Problems.document(Problem.notFound("http/unknown-path", "Unknown path", "there is nothing here")));
        }
    }

    private static void wrongMethod(Context context) {
        if (!Dispatcher.hasAnswered(context)) {
            Set<String> allowed = Policy.methods(context.path());
            Problem problem = Problem.invalid(
                    "http/method-not-allowed",
                    "Method not allowed",
                    context.method() + " is not known here; known: " + String.join(", ", allowed));
            writeQuietly(context, Problems.document(405, problem).header("Allow", String.join(", ", allowed)));
        }
    }

    private static void writeQuietly(Context context, Answer answer) {
        try {
            Dispatcher.write(context, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /** The address it listens on. */
    public URI uri() {
        return URI.create("http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port());
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
