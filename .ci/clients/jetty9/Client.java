import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.api.ContentResponse;
import org.eclipse.jetty.client.api.Request;
import org.eclipse.jetty.client.util.BytesContentProvider;
import org.eclipse.jetty.client.util.FutureResponseListener;

/** What jetty-client 9.3 does with an edge and the platform. */
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
        request.header("Connection", "close"); // then it half-closes as soon as the request has left
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        if (body.length > 0) {
            request.content(new BytesContentProvider("application/octet-stream", body));
        }
        FutureResponseListener whole = new FutureResponseListener(request, 1 << 28);
        request.send(whole);
        ContentResponse response = whole.get(60, TimeUnit.SECONDS);
        return new Answer(response.getStatus(), name -> response.getHeaders().get(name), response.getContent());
    }
}
