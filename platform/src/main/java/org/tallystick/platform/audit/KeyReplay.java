package org.tallystick.platform.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.kernel.ClockSkew;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.KeyHandover;
import org.tallystick.protocol.sign.KeyPossession;
import org.tallystick.protocol.sign.Verifier;

/**
 * Checks in the order of the log that every signing key of a party was shown by whoever brought it, and that every later key
 * was handed over to by the one before: a platform that puts a key of its own making under a party's name shows it here. Keys
 * of before the first proof in the log are taken as they are: earlier releases asked for none.
 */
final class KeyReplay {
    private static final String PARTY = "party";
    private static final String KEY_ROTATED = "key-rotated";
    private static final String OPERATOR = "operator";
    private static final Duration SLACK = Duration.ofHours(1);

    /** A party's present key, and its role. */
    private record Held(DidKey key, String role) {}

    private final DidKey platform;
    private final Verifier verifier;
    private final Map<String, Held> held = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private boolean shownBefore;
    private long checked;

    KeyReplay(DidKey platform, Verifier verifier) {
        this.platform = platform;
        this.verifier = verifier;
    }

    /** Takes the next document of the log; what is not about keys is passed over. */
    void document(long position, LogEntry.DocumentEntry entry) {
        try {
            switch (entry.type()) {
                case PARTY -> registered(entry);
                case KEY_ROTATED -> changed(entry);
                default -> {
                    return; // says nothing about keys
                }
            }
        } catch (MalformedException e) {
            differences.add("log entry " + position + ": " + e.detail());
        }
    }

    private void registered(LogEntry.DocumentEntry entry) {
        Fields body = Fields.of(entry.body(), entry.type());
        Optional<DidKey> key = body.optionalText("key").map(DidKey::parse);
        if (key.isEmpty()) {
            return; // an edge
        }
        String id = body.text("id");
        Held now = new Held(key.get(), body.text("role"));
        held.put(id, now);
        checked++;
        Optional<String> possession = body.optionalText("possession");
        if (possession.isPresent()) {
            shownBefore = true;
            shown(possession.get(), id, now, entry);
        } else if (shownBefore && !(id.equals(OPERATOR) && now.key().equals(platform))) {
            throw unproven("the key of " + id + " comes without a proof that it was shown");
        }
    }

    private void changed(LogEntry.DocumentEntry entry) {
        Fields body = Fields.of(entry.body(), entry.type());
        String id = body.text("id");
        Held before = Optional.ofNullable(held.get(id))
                .orElseThrow(() -> unproven("a key of " + id + " is changed, which nobody registered"));
        Held now = new Held(DidKey.parse(body.text("key")), before.role());
        held.put(id, now);
        checked++;
        byte[] handover = Base64Url.decode(body.text("handover"), "party/key-proof");
        if (!verifier.verify(before.key().publicKey(), KeyHandover.message(id, now.key()), handover)) {
            throw unproven("the key of " + id + " changed without the word of the key before");
        }
        shown(body.text("possession"), id, now, entry);
    }

    /** The door's clock may have been a little off the log's, so a proof at the edge of its time is none the worse here. */
    private void shown(String possession, String id, Held now, LogEntry.DocumentEntry entry) {
        KeyPossession.verify(possession, now.key(), verifier)
                .objection(platform, id, now.role(), entry.time().minus(SLACK), ClockSkew.MOST.plus(SLACK))
                .ifPresent(objection -> {
                    throw unproven("the proof of the key of " + id + " is none: " + objection);
                });
    }

    private static MalformedException unproven(String detail) {
        return new MalformedException("party/possession", detail);
    }

    Finding finding() {
        return new Finding("keys", checked + " signing keys of parties", differences, List.of());
    }
}
