package org.tallystick.protocol.statement;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Hashes;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.sign.NoteKey;

/**
 * The proof that a close left out a use: what the close says of the work's creator in that set, taken from a statement, and one
 * receipt of a delivery that was logged before the close. Whoever holds the receipt and the statement can make it; nobody
 * signs it, since all that it says is signed or logged already. Canonical JSON.
 *
 * @param key the platform's key, as the file names it
 * @param evidence close, grant and job order as documents of the log, one delivery in its batch, the work as a member of its
 *     dataset version, the opening of the contract; and, in an answer, what takes the use back
 * @param page of the table of release keys, where the delivery was made under an order
 */
public record Omission(NoteKey key, StatementEvidence evidence, Optional<OrderPage> page) {
    private static final String TYPE = "tallystick-omission/v1";
    private static final byte[] END = ("\"type\":\"" + TYPE + "\"}").getBytes(StandardCharsets.US_ASCII);

    /**
     * The page of a table of release keys on which a work's commitment stands.
     *
     * @param entries 64 of them, 16 bytes each
     * @param path sibling hashes from the page up to the root that the order names
     */
    public record OrderPage(byte[] entries, List<Hash> path) {
        static final int LENGTH = ReleaseTable.PAGE_ENTRIES * ReleaseTable.ENTRY;

        public OrderPage {
            entries = entries.clone();
            path = List.copyOf(path);
            if (entries.length != LENGTH) {
                throw new MalformedException("omission/page", "a page of release keys has " + LENGTH + " bytes");
            }
        }

        @Override
        public byte[] entries() {
            return entries.clone();
        }
    }

    /** Whether bytes claim to be such a proof. */
    public static boolean isOne(byte[] bytes) {
        return bytes.length > END.length
                && Arrays.equals(bytes, bytes.length - END.length, bytes.length, END, 0, END.length);
    }

    public byte[] encode() {
        Json.Builder json = Json.object()
                .put("evidence", evidence.json())
                .put("key", key.toString())
                .put("type", TYPE);
        page.ifPresent(shown -> json.put(
                "page",
                Json.object()
                        .put("entries", Base64Url.encode(shown.entries()))
                        .put("path", Hashes.json(shown.path()))
                        .build()));
        return Jcs.bytes(json.build());
    }

    /** @throws MalformedException {@code json/…}, {@code omission/…}, {@code evidence/…} or {@code usage/…} */
    public static Omission parse(byte[] bytes) {
        Fields fields = Fields.of(Jcs.parseCanonical(bytes), "file");
        if (!fields.text("type").equals(TYPE)) {
            throw new MalformedException("omission/type", "this is no " + TYPE);
        }
        Omission parsed = new Omission(
                NoteKey.parse(fields.text("key")),
                StatementEvidence.ofOmission(fields.fields("evidence")),
                fields.optionalFields("page").map(Omission::page));
        fields.noOthers();
        return parsed;
    }

    private static OrderPage page(Fields fields) {
        OrderPage page = new OrderPage(
                Base64Url.decode(fields.text("entries"), "omission/page"),
                Hashes.read(fields, "path", "omission/page"));
        fields.noOthers();
        return page;
    }
}
