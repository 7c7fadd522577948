package org.tallystick.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends HTTP requests and repeats them until they are answered. The only place that decides which failures are worth
 * another try. Safe from any thread.
 */
final class Transport {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final String IN_PROGRESS = "idempotency/in-progress";
    private static final ScheduledThreadPoolExecutor DEADLINES = deadlines();

    private final HttpClient http;
    private final String base;
    private final Retry retry;
    private final Duration timeout;

    Transport(HttpClient http, URI base, Retry retry, Duration timeout) {
        this.http = http;
        this.base = base.toString().replaceAll("/+$", "");
        this.retry = retry;
        this.timeout = timeout;
    }

    static HttpClient newHttpClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The same exchange, tried once. */
    Transport once() {
        return new Transport(http, URI.create(base), Retry.none(), timeout);
    }

    /**
     * A request.
     *
     * @param target path and query, encoded
     * @param body made anew for every try
     * @param authorization the header of that name, made anew for every try
     */
    record Call(
            String method,
            String target,
            Map<String, String> headers,
            Optional<Supplier<BodyPublisher>> body,
            Optional<Supplier<String>> authorization) {
        Call(String method, String target, Map<String, String> headers, Optional<Supplier<BodyPublisher>> body) {
            this(method, target, headers, body, Optional.empty());
        }

        static Call get(String target) {
            return new Call("GET", target, Map.of(), Optional.empty());
        }

        Call header(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Call(method, target, more, body, authorization);
        }

        Call authorized(Supplier<String> header) {
            return new Call(method, target, headers, body, Optional.of(header));
        }
    }

    /**
     * Carries out a call.
     *
     * @param reader turns the answer into a value; an {@link IOException} from it counts as a lost connection
     * @throws ProblemException for a refusal
     * @throws UnreachableException when no try was answered
     */
    <T> T send(Call call, AnswerReader<T> reader) {
        for (int tried = 1; ; tried++) {
            boolean last = tried >= retry.tries();
            Duration asked = Duration.ZERO;
            try {
                HttpResponse<InputStream> answer = http.send(request(call), HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream body = answer.body();
                        Deadline _ = Deadline.closing(body, timeout)) {
                    if (answer.statusCode() < 400) {
                        return reader.read(answer, body);
                    }
                    ProblemException problem = ProblemException.of(answer.statusCode(), body.readNBytes(1 << 20));
                    if (last || !isWorthAnotherTry(problem)) {
                        throw problem;
                    }
                    asked = retryAfter(answer);
                }
            } catch (IOException e) {
                if (last) {
                    throw new UnreachableException(
                            call.method() + " " + base + call.target() + " was not answered after " + tried + " tries: "
                                    + e,
                            e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnreachableException("interrupted while waiting for " + base + call.target(), e);
            }
            pause(retry.pause(tried, asked, ThreadLocalRandom.current()));
        }
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + call.target())).timeout(timeout);
        call.headers().forEach(request::header);
        call.authorization().ifPresent(header -> request.header("Authorization", header.get()));
        return request.method(
                        call.method(), call.body().map(Supplier::get).orElseGet(HttpRequest.BodyPublishers::noBody))
                .build();
    }

    private static boolean isWorthAnotherTry(ProblemException problem) {
        return problem.status() == 503
                || problem.status() == 502
                || problem.status() == 504
                || (problem.status() == 409 && problem.type().equals(IN_PROGRESS));
    }

    private static Duration retryAfter(HttpResponse<?> answer) {
        String seconds = answer.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : Duration.ZERO;
    }

    /** Waits; an interrupt ends the call. */
    static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while waiting to try again", e);
        }
    }

    private static ScheduledThreadPoolExecutor deadlines() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "tallystick-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Ends the wait for a body that never comes: the JDK's own timeout covers the head of an answer only. */
    private record Deadline(Future<?> end) implements AutoCloseable {
        static Deadline closing(InputStream body, Duration timeout) {
            return new Deadline(DEADLINES.schedule(
                    () -> {
                        body.close();
                        return null;
                    },
                    timeout.toMillis(),
                    TimeUnit.MILLISECONDS));
        }

        @Override
        public void close() {
            end.cancel(false);
        }
    }

    /** Percent-encodes one segment of a path or one value of a query. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":");
    }

    /** Makes a value of an answer. */
    @FunctionalInterface
    interface AnswerReader<T> {
        T read(HttpResponse<?> answer, InputStream body) throws IOException;
    }
}
