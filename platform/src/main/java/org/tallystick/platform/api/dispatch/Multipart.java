package org.tallystick.platform.api.dispatch;

import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tallystick.platform.kernel.Problem;

/**
 * The two parts of an upload by form: {@code manifest}, as a field or a file, and {@code content}, as a file. The web
 * server has put large parts into temporary files and removes them after the request.
 */
public final class Multipart {
    private static final long MAX_MANIFEST = 64 << 10;

    private final byte[] manifest;
    private final UploadedFile content;

    private Multipart(byte[] manifest, UploadedFile content) {
        this.manifest = manifest;
        this.content = content;
    }

    static Multipart of(Context context) throws IOException {
        return new Multipart(manifest(context), only(context, "content"));
    }

    public byte[] manifest() {
        return manifest.clone();
    }

    public InputStream content() {
        return content.content();
    }

    private static byte[] manifest(Context context) throws IOException {
        List<String> fields = context.formParams("manifest");
        if (fields.size() == 1 && context.uploadedFiles("manifest").isEmpty()) {
            return fields.getFirst().getBytes(StandardCharsets.UTF_8);
        }
        UploadedFile file = only(context, "manifest");
        if (file.size() > MAX_MANIFEST) {
            throw Refusals.tooLarge(MAX_MANIFEST);
        }
        try (InputStream in = file.content()) {
            return in.readAllBytes();
        }
    }

    private static UploadedFile only(Context context, String name) {
        List<UploadedFile> files = context.uploadedFiles(name);
        if (files.size() != 1) {
            Problem problem = files.isEmpty()
                    ? Refusals.malformed("http/part-missing", "the form needs a part " + name)
                    : Refusals.malformed("http/part-duplicate", "the form has more than one part " + name);
            throw HttpRefusedException.malformed(problem.with("part", name));
        }
        return files.getFirst();
    }
}
