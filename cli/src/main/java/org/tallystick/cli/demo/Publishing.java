package org.tallystick.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.content.Inventory;
import org.tallystick.cli.content.Work;
import org.tallystick.cli.shell.Progress;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.ManifestDraft;
import org.tallystick.sdk.UploadReceipt;

/**
 * Uploads the creators' works, each with a manifest its creator signs, and publishes them as one dataset version. Every
 * upload receipt is verified offline.
 */
final class Publishing {
    /** The licence of the demo's works. */
    static final String LICENSE = "https://example.com/licenses/restricted-training";

    private static final int AT_ONCE = 64;
    private static final int IN_MEMORY = 8 << 20;
    private static final int LONGEST_PATH = 1000;

    private final DemoParties parties;
    private final DidKey platform;
    private final Path scratch;

    /**
     * @param platform the platform's key, which signs upload receipts
     * @param scratch folder for works too large for memory
     */
    Publishing(DemoParties parties, DidKey platform, Path scratch) {
        this.parties = parties;
        this.platform = platform;
        this.scratch = scratch;
    }

    /** Uploads every work over several connections. The order of uploads does not change the result. */
    List<UploadReceipt> upload(Inventory inventory, Instant now, Progress progress) throws InterruptedException {
        return Parallel.each(inventory.works(), AT_ONCE, work -> {
            UploadReceipt receipt = upload(work, now);
            receipt.verify(platform, Ed25519.verifier());
            if (!receipt.content().equals(work.content())) {
                throw new WrongSumException("the receipt for " + work.file().path() + " is for " + receipt.content());
            }
            progress.add(1);
            return receipt;
        });
    }

    /** Uploads a work that belongs to no dataset, to show that nobody can fetch it. */
    ContentId withhold(String creator, Instant now) {
        byte[] content = ("not part of any dataset, " + Times.text(now)).getBytes(StandardCharsets.UTF_8);
        DemoParty party = parties.creator(creator);
        ManifestDraft draft = draft(creator, ContentId.of(content), content.length, "withheld.txt", now);
        return party.client().upload(draft.sign(party.signer()), content).content();
    }

    /** Publishes the works as one immutable version. */
    DatasetVersion publish(Inventory inventory, String dataset, String title) {
        Map<ContentId, String> members = new LinkedHashMap<>();
        inventory.works().forEach(work -> members.put(work.content(), work.creator()));
        return parties.curator()
                .client()
                .publish(dataset, title, "Every file of " + title + ", each the work of its folder.", members);
    }

    private UploadReceipt upload(Work work, Instant now) throws IOException {
        DemoParty creator = parties.creator(work.creator());
        ManifestDraft signed = draft(
                        work.creator(),
                        work.content(),
                        work.bytes(),
                        work.file().path(),
                        now)
                .sign(creator.signer());
        if (work.bytes() <= IN_MEMORY) {
            try (InputStream in = work.file().bytes().open()) {
                return creator.client().upload(signed, in.readNBytes(IN_MEMORY + 1));
            }
        }
        Path copy = Files.createTempFile(scratch, "work", "");
        try (InputStream in = work.file().bytes().open()) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return creator.client().upload(signed, copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** A manifest with every member it can have: after it is signed nothing can be added. */
    private static ManifestDraft draft(String creator, ContentId content, long bytes, String path, Instant now) {
        String shown = path.length() > LONGEST_PATH ? path.substring(path.length() - LONGEST_PATH) : path;
        Json.Obj manifest = Json.object()
                .put("content_id", content.toString())
                .put("creator_id", creator)
                .put("license_uri", LICENSE)
                .put("upload_ts", now)
                .put("attribution", creator)
                .put("provenance_chain", Json.array(List.of()))
                .put("bytes", bytes)
                .put("media_type", mediaType(path))
                .put("path", shown)
                .build();
        return ManifestDraft.of(manifest);
    }

    private static String mediaType(String path) {
        if (path.endsWith(".java")) {
            return "text/x-java-source";
        }
        return Optional.ofNullable(URLConnection.guessContentTypeFromName(path)).orElse("application/octet-stream");
    }
}
