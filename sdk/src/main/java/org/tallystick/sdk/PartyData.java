package org.tallystick.sdk;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;

/**
 * What a platform keeps of a party's own words: shown, rectified, erased. For the party itself, or an operator. Safe from any
 * thread.
 */
public final class PartyData {
    private final Rest rest;
    private final String at;

    /** @param party whose data it is */
    public PartyData(TallystickClient client, String party) {
        this.rest = client.rest;
        this.at = "/parties/" + Rest.segment(party);
    }

    /**
     * What an erasure has removed.
     *
     * @param words texts to which the log had committed
     * @param kept what stays, and why, in words
     */
    public record Erased(long words, List<String> kept) {
        /** Copies the list. */
        public Erased {
            kept = List.copyOf(kept);
        }

        private static Erased of(Fields fields) {
            return new Erased(fields.integer("words", 0, Long.MAX_VALUE >> 11), fields.strings("kept"));
        }
    }

    /** Writes everything that is kept into a ZIP archive, which is replaced where it exists. */
    public void export(Path file) {
        rest.download(at + "/export", file);
    }

    /**
     * Has the party's words, display name and API keys forgotten; the caller's own key with them.
     *
     * @param payoutDestinations whether these go as well; then nothing can be paid until another is named
     */
    public Erased erase(boolean payoutDestinations) {
        return rest.post(
                at + "/erasure",
                Json.object().put("payout_destinations", payoutDestinations).build(),
                Erased::of);
    }

    /** Gives the party another display name; the one before is forgotten. */
    public Party rename(String displayName) {
        byte[] body = Jcs.bytes(Json.object().put("display_name", displayName).build());
        return rest.send(
                new Transport.Call(
                                "PUT", at + "/profile", Map.of(), Optional.of(() -> BodyPublishers.ofByteArray(body)))
                        .header("Content-Type", "application/json"),
                Party::of);
    }
}
