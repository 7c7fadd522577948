import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;

/** What jetty-client 12 does with an edge and the platform. */
public final class Client extends Acts {
    private final HttpClient http = new HttpClient();

    public static void main(String[] words) throws Exception {
        Client client = new Client();
        client.http.start();
        try {
            client.run(Path.of(words[0]));
        } finally {
            client.http.stop();
        }
    }

    @Override
    Answer send(String method, String url, byte[] body, String... fields) throws Exception {
        Request request = http.newRequest(url).method(method).timeout(60, TimeUnit.SECONDS);
        request.headers(headers -> {
            for (int i = 0; i < fields.length; i += 2) {
                headers.put(fields[i], fields[i + 1]);
            }
        });
        if (body.length > 0) {
            request.body(new BytesRequestContent("application/octet-stream", body));
        }
        ContentResponse response =
                new CompletableResponseListener(request, 1 << 28).send().get(60, TimeUnit.SECONDS);
        return new Answer(response.getStatus(), name -> response.getHeaders().get(name), response.getContent());
    }
}
