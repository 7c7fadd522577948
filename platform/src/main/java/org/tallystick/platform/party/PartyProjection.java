package org.tallystick.platform.party;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Projection;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.DidKey;

/** Makes the table of parties from entries {@code party} and {@code key-rotated}. */
final class PartyProjection implements Projection {
    static final String PARTY = "party";
    static final String KEY_ROTATED = "key-rotated";

    static Json.Obj partyBody(NewParty party, Hash profile, Optional<String> possession) {
        return Json.object()
                .put("id", party.id().value())
                .put("role", party.role().text())
                .put("key", party.key().toString())
                .put("profile_hash", profile.hex())
                .putIfPresent("possession", possession)
                .build();
    }

    static Json.Obj edgeBody(PartyId id) {
        return Json.object().put("id", id.value()).put("role", Role.EDGE.text()).build();
    }

    static Json.Obj keyBody(PartyId id, DidKey key, byte[] handover, String possession) {
        return Json.object()
                .put("id", id.value())
                .put("key", key.toString())
                .put("handover", Base64Url.encode(handover))
                .put("possession", possession)
                .build();
    }

    @Override
    public String name() {
        return "party";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return;
        }
        Fields body = Fields.of(document.body(), document.type());
        switch (document.type()) {
            case PARTY -> {
                PartyId id = new PartyId(body.text("id"));
                Optional<DidKey> key = body.optionalText("key").map(DidKey::parse);
                PartyStore.insert(
                        tx,
                        id,
                        Role.parse(body.text("role")),
                        key,
                        body.optionalText("profile_hash").map(Hash::ofHex),
                        document.time(),
                        position);
                key.ifPresent(known -> PartyStore.insertKeyEntry(tx, id, position));
            }
            case KEY_ROTATED ->
                PartyStore.replaceKey(tx, new PartyId(body.text("id")), DidKey.parse(body.text("key")), position);
            default -> {
                return; // another room's
            }
        }
    }

    @Override
    public void reset(Handle tx) {
        PartyStore.empty(tx);
    }
}
