package org.tallystick.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.tallystick.protocol.ContentId;

/** Fetches blobs from the platform as an operator may, and checks that they are what their hash says. */
final class Blobs {
    private final HttpClient http;
    private final URI platform;
    private final String key;

    Blobs(HttpClient http, URI platform, String key) {
        this.http = http;
        this.platform = platform;
        this.key = key;
    }

    byte[] get(ContentId id) {
        HttpRequest request = HttpRequest.newBuilder(platform.resolve("/blobs/" + id))
                .header("Authorization", "Bearer " + key)
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new DoesNotAddUpException("the log names " + id
                        + ", which the platform does not give out: status " + answer.statusCode());
            }
            if (!ContentId.of(answer.body()).equals(id)) {
                throw new DoesNotAddUpException("the bytes the platform gives out for " + id + " are others");
            }
            return answer.body();
        } catch (IOException e) {
            throw new DoesNotAddUpException("the platform does not give out " + id + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DoesNotAddUpException("interrupted while reading " + id);
        }
    }
}
