package org.tallystick.platform.api.dispatch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.kernel.Problem;

/** What the web server itself refuses, before any of our code is asked, is a problem document too. */
public final class JettyErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        byte[] body = body(code, message);
        SafeHeaders.ALL.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.TYPE);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static byte[] body(int code, @Nullable String message) {
        String title = HttpStatus.getMessage(code);
        Problem problem =
                Problem.invalid("http/status-" + code, title, message == null || code >= 500 ? title : message);
        return Problems.document(code, problem).body() instanceof Answer.Body.Bytes(String type, byte[] bytes)
                ? bytes
                : title.getBytes(StandardCharsets.UTF_8);
    }
}
