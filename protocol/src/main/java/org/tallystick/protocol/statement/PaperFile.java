package org.tallystick.protocol.statement;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
 * A statement or invoice as it leaves the platform: one file that bears itself out. It is canonical JSON to the last byte,
 * and the platform signs all of it but the signature, so no byte of it can change unseen.
 *
 * @param key the platform's key, as the file names it
 * @param signature the platform's signature, 64 bytes
 */
public record PaperFile(NoteKey key, Paper paper, StatementEvidence evidence, byte[] signature) {
    private static final String OLD = "tallystick-statement-file/v1";
    private static final String STATEMENT = "tallystick-statement-file/v2";
    private static final String INVOICE = "tallystick-invoice-file/v1";
    private static final String SIGNATURE = "signature";

    public PaperFile {
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /** What the paper's own close commits to of a contract, as the file shows it; empty where it does not. */
    public Optional<OpenedUsage> usage(String contract) {
        return evidence.issued().stream()
                .findFirst()
                .flatMap(own -> evidence.usage().stream()
                        .filter(usage -> usage.close() == own.close()
                                && usage.opening().contract().equals(contract))
                        .findFirst());
    }

    private static String type(Paper paper, StatementEvidence evidence) {
        return switch (paper) {
            case Statement ignored -> evidence.isAnchored() ? STATEMENT : OLD;
            case Invoice ignored -> INVOICE;
        };
    }

    /**
     * The bytes of the file; a statement's is of version 1 where the evidence is.
     *
     * @throws IllegalArgumentException for an invoice with evidence of version 1, of which there are no files
     */
    public static byte[] sign(Paper paper, StatementEvidence evidence, NoteSigner platform) {
        String type = type(paper, evidence);
        if (type.equals(INVOICE) && !evidence.isAnchored()) {
            throw new IllegalArgumentException("an invoice's evidence is of version 2");
        }
        byte[] evidenceText = Jcs.bytes(evidence.json());
        // What stands before the signature and after it, each with its members in canonical order.
        Json.Builder before = Json.object();
        Json.Builder after = Json.object().put("type", type);
        (paper.noun().compareTo(SIGNATURE) < 0 ? before : after).put(paper.noun(), paper.json());
        byte[] named = inner(before.put("key", platform.key().toString()).build());
        byte[] rest = inner(after.build());
        byte[] head = join("{\"evidence\":", evidenceText, ",", named, ",");
        byte[] signature = platform.signer().sign(message(type, join("", head, "", rest, "}")));
        byte[] member = Jcs.bytes(Json.of(Base64Url.encode(signature)));
        return join("", head, "\"signature\":", join("", member, ",", rest, "}"), "");
    }

    /** An object's text without its braces. */
    private static byte[] inner(Json.Obj object) {
        byte[] text = Jcs.bytes(object);
        return Arrays.copyOfRange(text, 1, text.length - 1);
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
     * @throws MalformedException {@code json/…}, {@code statement-file/…}, {@code statement/…}, {@code invoice/…} or
     *     {@code evidence/…}
     */
    public static PaperFile parse(byte[] file, Verifier verifier) {
        Fields fields = Fields.of(Jcs.parseCanonical(file), "file");
        String type = fields.text("type");
        if (!List.of(OLD, STATEMENT, INVOICE).contains(type)) {
            throw new MalformedException(
                    "statement-file/type", "this is none of " + String.join(", ", OLD, STATEMENT, INVOICE));
        }
        NoteKey key = NoteKey.parse(fields.text("key"));
        byte[] signature = Base64Url.decode(fields.text(SIGNATURE), "statement-file/signature");
        if (!verifier.verify(
                key.publicKey(), message(type, Jcs.bytes(fields.object().without(SIGNATURE))), signature)) {
            throw new MalformedException(
                    "statement-file/signature", "the platform's signature does not fit the file: it has been changed");
        }
        Paper paper = type.equals(INVOICE)
                ? Invoice.of(fields.required("invoice"))
                : Statement.of(fields.required("statement"));
        StatementEvidence evidence = StatementEvidence.of(fields.fields("evidence"), !type.equals(OLD), paper);
        PaperFile parsed = new PaperFile(key, paper, evidence, signature);
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
