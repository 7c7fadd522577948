package org.tallystick.platform.api.dispatch;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Reasons;

/**
 * The two parts of an upload by form, {@code manifest} and {@code content}, in any order, each with or without a file name.
 * Parts too large for memory lie in temporary files until this is closed. A part's own headers that would make its bytes
 * mean something else are refused.
 */
public final class Multipart implements AutoCloseable {
    private static final int MAX_MANIFEST = 64 << 10;
    private static final int MAX_PARTS = 16;

    /** A part longer than this goes to a temporary file, in bytes. */
    private static final int IN_MEMORY = 1 << 20;

    private static final int CHUNK = 1 << 16;
    private static final String MANIFEST = "manifest";
    private static final String CONTENT = "content";

    /** Values of {@code Content-Transfer-Encoding} under which bytes mean themselves. */
    private static final Set<String> AS_THEY_ARE = Set.of("binary", "8bit", "7bit", Bodies.IDENTITY);

    private final MultiPartFormData.Parts parts;
    private final byte[] manifest;
    private final MultiPart.Part content;

    private Multipart(MultiPartFormData.Parts parts) throws IOException {
        this.parts = parts;
        this.manifest = manifest(only(parts, MANIFEST));
        this.content = only(parts, CONTENT);
        for (MultiPart.Part part : parts) {
            checkHeaders(part);
        }
    }

    /**
     * Reads the whole form.
     *
     * @param in the body
     * @param temporary where large parts may lie meanwhile
     */
    static Multipart of(Context context, InputStream in, Path temporary) throws IOException {
        String boundary = Optional.ofNullable(
                        MultiPart.extractBoundary(context.req().getContentType()))
                .orElseThrow(() -> HttpRefusedException.malformed(Refusals.malformed(
                        "http/boundary-missing", "the content type of a form needs the parameter boundary")));
        MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
        parser.setUseFilesForPartsWithoutFileName(true);
        parser.setFilesDirectory(temporary);
        parser.setMaxMemoryFileSize(IN_MEMORY);
        parser.setMaxFileSize(-1); // the body as a whole is bounded
        parser.setMaxLength(-1);
        parser.setMaxParts(MAX_PARTS);
        MultiPartFormData.Parts parts = parse(parser, in);
        try {
            return new Multipart(parts);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static MultiPartFormData.Parts parse(MultiPartFormData.Parser parser, InputStream in) throws IOException {
        CompletableFuture<MultiPartFormData.Parts> parts = new CompletableFuture<>();
        Content.Source source = Content.Source.from(new ByteBufferPool.Sized(null, false, CHUNK), in);
        parser.parse(source, Promise.Invocable.toPromise(parts));
        try {
            return parts.join();
        } catch (CompletionException e) {
            for (@Nullable Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof HttpRefusedException refused) {
                    throw refused;
                }
            }
            throw HttpRefusedException.malformed(
                    Refusals.malformed("http/form-malformed", "the body is not a form: " + Reasons.of(e)));
        }
    }

    public byte[] manifest() {
        return manifest.clone();
    }

    public InputStream content() {
        return Content.Source.asInputStream(content.getContentSource());
    }

    @Override
    public void close() {
        parts.close();
    }

    private static byte[] manifest(MultiPart.Part part) throws IOException {
        if (part.getLength() > MAX_MANIFEST) {
            throw Refusals.tooLarge(MAX_MANIFEST);
        }
        String type = Optional.ofNullable(part.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        Optional<String> charset = Optional.ofNullable(MimeTypes.getCharsetFromContentType(type));
        if (charset.isPresent() && !Bodies.isUtf8(charset.get())) {
            throw Refusals.unsupportedEncoding("the part manifest", "charset=" + charset.get());
        }
        try (InputStream in = Content.Source.asInputStream(part.getContentSource())) {
            return in.readAllBytes();
        }
    }

    private static void checkHeaders(MultiPart.Part part) {
        String name = part.getName();
        if (!MANIFEST.equals(name) && !CONTENT.equals(name)) {
            throw HttpRefusedException.malformed(Refusals.malformed(
                    "http/part-unknown",
                    (name == null ? "a part without a name" : Fields.shown(name))
                            + " is not one of manifest, content"));
        }
        part.getHeaders().getValuesList(HttpHeader.CONTENT_ENCODING).forEach(coding -> {
            if (!coding.equalsIgnoreCase(Bodies.IDENTITY)) {
                throw Refusals.unsupportedEncoding("the part " + name, "Content-Encoding: " + Fields.shown(coding));
            }
        });
        part.getHeaders().getValuesList("Content-Transfer-Encoding").forEach(coding -> {
            if (!AS_THEY_ARE.contains(coding.toLowerCase(Locale.ROOT))) {
                throw Refusals.unsupportedEncoding(
                        "the part " + name, "Content-Transfer-Encoding: " + Fields.shown(coding));
            }
        });
    }

    private static MultiPart.Part only(MultiPartFormData.Parts parts, String name) {
        List<MultiPart.Part> found = parts.getAll(name);
        if (found.size() != 1) {
            Problem problem = found.isEmpty()
                    ? Refusals.malformed("http/part-missing", "the form needs a part " + name)
                    : Refusals.malformed("http/part-duplicate", "the form has more than one part " + name);
            throw HttpRefusedException.malformed(problem.with("part", name));
        }
        return found.getFirst();
    }
}
