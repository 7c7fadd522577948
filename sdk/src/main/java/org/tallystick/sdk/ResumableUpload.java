package org.tallystick.sdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;

/**
 * One upload in parts (the IETF's resumable uploads). A part is not sent again blindly: after a broken connection the
 * platform is asked how far it got. One use, one thread.
 */
final class ResumableUpload {
    private static final String OFFSET = "Upload-Offset";
    private static final String COMPLETE = "Upload-Complete";
    private static final int MOST_STUCK = 8;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Rest rest;
    private final Path file;
    private final int partBytes;

    ResumableUpload(Rest rest, Path file, int partBytes) {
        if (partBytes < 1) {
            throw new IllegalArgumentException("a part has at least one byte");
        }
        this.rest = rest;
        this.file = file;
        this.partBytes = partBytes;
    }

    /** What a part comes to: an offset to go on from, or the receipt. */
    private sealed interface Step {
        record Offset(long at) implements Step {}

        record Done(UploadReceipt receipt) implements Step {}
    }

    UploadReceipt run(ManifestDraft manifest) {
        String upload = begin(manifest);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long at = 0;
            for (int stuck = 0; ; ) {
                byte[] part = read(channel, at, (int) Math.min(partBytes, size - at));
                Step step;
                try {
                    step = append(upload, at, part, at + part.length == size);
                } catch (UnreachableException e) {
                    step = new Step.Offset(offset(upload));
                }
                switch (step) {
                    case Step.Done(UploadReceipt receipt) -> {
                        return receipt;
                    }
                    case Step.Offset(long next) -> {
                        stuck = next > at ? 0 : stuck + 1;
                        if (stuck > MOST_STUCK || next > size) {
                            throw new UnreachableException(
                                    "the upload does not get past byte " + next, new IOException("no progress"));
                        }
                        Transport.pause(PAUSE.multipliedBy(stuck));
                        at = next;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String begin(ManifestDraft manifest) {
        Transport.Call call = Rest.sending("/ingest/uploads", "application/octet-stream", BodyPublishers::noBody)
                .header(COMPLETE, "?0")
                .header("Tallystick-Manifest", Base64Url.encode(Jcs.bytes(manifest.json())));
        return rest.exchange(
                call,
                (answer, body) -> answer.headers()
                        .firstValue("Location")
                        .orElseThrow(() -> new IOException("the platform did not say where the upload goes on")));
    }

    private Step append(String upload, long at, byte[] part, boolean last) {
        Transport.Call call = new Transport.Call(
                        "PATCH", upload, Map.of(), Optional.of(() -> BodyPublishers.ofByteArray(part)))
                .header("Content-Type", "application/partial-upload")
                .header(OFFSET, Long.toString(at))
                .header(COMPLETE, last ? "?1" : "?0");
        try {
            return rest.triedOnce().exchange(call, (answer, body) -> {
                byte[] bytes = body.readAllBytes();
                return answer.statusCode() == 204
                        ? new Step.Offset(offsetOf(answer))
                        : new Step.Done(Rest.decode(answer, bytes, UploadReceipt::of));
            });
        } catch (ProblemException e) {
            if (e.status() == 503 || e.type().equals("upload/offset")) {
                return new Step.Offset(offset(upload));
            }
            throw e;
        }
    }

    private long offset(String upload) {
        Transport.Call call = new Transport.Call("HEAD", upload, Map.of(), Optional.empty());
        return rest.exchange(call, (answer, body) -> offsetOf(answer));
    }

    private static long offsetOf(HttpResponse<?> answer) throws IOException {
        String text = answer.headers().firstValue(OFFSET).orElse("");
        if (!text.matches("[0-9]{1,18}")) {
            throw new IOException("the platform did not say how far the upload got");
        }
        return Long.parseLong(text);
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(length);
        while (part.hasRemaining()) {
            if (channel.read(part, at + part.position()) < 0) {
                throw new IOException("the file became shorter while it was uploaded");
            }
        }
        return part.array();
    }
}
