package org.tallystick.protocol.statement;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Verifier;

/**
 * A statement as it leaves the platform: one file that bears itself out. It is canonical JSON to the last byte, and the
 * platform signs all of it but the signature, so no byte of it can change unseen.
 *
 * @param key the platform's key, as the file names it
 * @param signature the platform's signature, 64 bytes
 */
public record StatementFile(NoteKey key, Statement statement, StatementEvidence evidence, byte[] signature) {
    private static final String TYPE = "tallystick-statement-file/v";
    private static final String OLD = TYPE + 1;
    private static final String ANCHORED = TYPE + 2;
    private static final String SIGNATURE = "signature";

    public StatementFile {
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /** What the statement's own close commits to of a contract, as the file shows it; empty where it does not. */
    public Optional<OpenedUsage> usage(String contract) {
        return evidence.issued().stream()
                .findFirst()
                .flatMap(own -> evidence.usage().stream()
                        .filter(usage -> usage.close() == own.close()
                                && usage.opening().contract().equals(contract))
                        .findFirst());
    }

    /** The bytes of the file; of version 1 where the evidence is. */
    public static byte[] sign(Statement statement, StatementEvidence evidence, NoteSigner platform) {
        String type = evidence.isAnchored() ? ANCHORED : OLD;
        byte[] evidenceText = Jcs.bytes(evidence.json());
        byte[] key = Jcs.bytes(Json.of(platform.key().toString()));
        byte[] rest = Jcs.bytes(Json.object()
                .put("statement", statement.json())
                .put("type", type)
                .build());
        // The members in their canonical order; the signature stands between the key and the rest.
        byte[] head = join("{\"evidence\":", evidenceText, ",\"key\":", key, ",");
        byte[] tail = Arrays.copyOfRange(rest, 1, rest.length);
        byte[] signature = platform.signer().sign(message(type, join("", head, "", tail, "")));
        byte[] member = Jcs.bytes(Json.of(Base64Url.encode(signature)));
        return join("", head, "\"signature\":", join("", member, ",", tail, ""), "");
    }

    private static byte[] join(String first, byte[] one, String middle, byte[] other, String last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(one.length + other.length + 64);
        out.writeBytes(first.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(one);
        out.writeBytes(middle.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(other);
        out.writeBytes(last.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /**
     * Takes a file apart and checks the platform's signature by the key the file names; whether that key is the
     * platform's is for the caller to say.
     *
     * @throws MalformedException {@code json/…}, {@code statement-file/…}, {@code statement/…} or {@code evidence/…}
     */
    public static StatementFile parse(byte[] file, Verifier verifier) {
        Fields fields = Fields.of(Jcs.parseCanonical(file), "file");
        String type = fields.text("type");
        if (!type.equals(OLD) && !type.equals(ANCHORED)) {
            throw new MalformedException("statement-file/type", "this is neither " + OLD + " nor " + ANCHORED);
        }
        NoteKey key = NoteKey.parse(fields.text("key"));
        byte[] signature = Base64Url.decode(fields.text(SIGNATURE), "statement-file/signature");
        if (!verifier.verify(
                key.publicKey(), message(type, Jcs.bytes(fields.object().without(SIGNATURE))), signature)) {
            throw new MalformedException(
                    "statement-file/signature", "the platform's signature does not fit the file: it has been changed");
        }
        StatementFile parsed = new StatementFile(
                key,
                Statement.of(fields.required("statement")),
                StatementEvidence.of(fields.fields("evidence"), type.equals(ANCHORED)),
                signature);
        fields.noOthers();
        return parsed;
    }

    private static byte[] message(String type, byte[] unsigned) {
        byte[] domain = (type + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] hash = Sha256.hash(unsigned).toBytes();
        byte[] message = Arrays.copyOf(domain, domain.length + hash.length);
        System.arraycopy(hash, 0, message, domain.length, hash.length);
        return message;
    }
}
