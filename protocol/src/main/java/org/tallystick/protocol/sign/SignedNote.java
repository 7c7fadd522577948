package org.tallystick.protocol.sign;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Base64Text;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.MalformedException;

/**
 * A text with signature lines below it (C2SP signed-note). Trust the text only after {@link #verify} has found the
 * signature of a key the reader trusts. Signatures by unknown keys are kept but not checked; this is how keys are
 * replaced and how witnesses add their signatures. Immutable.
 *
 * @param text ends in a newline
 * @param signatures 1 to 100, in the order of their lines
 */
public record SignedNote(String text, List<Line> signatures) {
    /** Most signature lines accepted. The specification asks readers to accept 16 at least. */
    static final int MAX_SIGNATURES = 100;

    /** Longest note accepted, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final String DASH = "— ";

    /**
     * One signature line.
     *
     * @param name the name of the key
     * @param value base64 of the 4-byte key id followed by the signature
     */
    public record Line(String name, String value) {
        public Line {
            if (!NoteKey.isName(name)) {
                throw new MalformedException("note/signature-line", "a signature line's name is not a key name");
            }
            if (Base64Text.decode(value, "note/signature-line").length < 5) {
                throw new MalformedException("note/signature-line", "a signature line's value has no room for both");
            }
        }

        /** The id of the key. Name and id together identify the key; names alone may repeat. */
        int keyId() {
            return ByteBuffer.wrap(Base64Text.decode(value, "note/signature-line"))
                    .getInt();
        }

        byte[] signature() {
            byte[] all = Base64Text.decode(value, "note/signature-line");
            return Arrays.copyOfRange(all, 4, all.length);
        }

        boolean isBy(NoteKey key) {
            return name.equals(key.name()) && keyId() == key.id();
        }
    }

    public SignedNote {
        Objects.requireNonNull(text);
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n")) {
            throw new MalformedException("note/text", "a note's text ends in a newline");
        }
        if (!Jcs.isScalarText(text) || text.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new MalformedException("note/characters", "a note holds no control characters but newlines");
        }
        if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
            throw new MalformedException(
                    "note/signature-count",
                    "a note has 1 to " + MAX_SIGNATURES + " signatures, not " + signatures.size());
        }
    }

    /** Signs a text that ends in a newline. */
    public static SignedNote sign(String text, NoteSigner signer) {
        byte[] signature = signer.signer().sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] value = ByteBuffer.allocate(4 + signature.length)
                .putInt(signer.key().id())
                .put(signature)
                .array();
        return new SignedNote(text, List.of(new Line(signer.name(), Base64Text.encode(value))));
    }

    /**
     * Takes a note apart. Does not check signatures.
     *
     * @throws MalformedException {@code note/too-long}, {@code note/not-utf-8}, {@code note/characters}, {@code
     *     note/no-signatures}, {@code note/signature-line} or {@code note/signature-count}
     */
    public static SignedNote parse(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new MalformedException("note/too-long", "a note of " + utf8.length + " bytes");
        }
        String all = decode(utf8);
        int split = all.lastIndexOf("\n\n");
        if (split < 0 || !all.endsWith("\n")) {
            throw new MalformedException("note/no-signatures", "no blank line with signature lines below it");
        }
        if (split + 2 == all.length()) {
            throw new MalformedException("note/no-signatures", "nothing stands below the blank line");
        }
        List<Line> lines = new ArrayList<>();
        for (String line : all.substring(split + 2, all.length() - 1).split("\n", -1)) {
            lines.add(parseLine(line));
        }
        return new SignedNote(all.substring(0, split + 1), lines);
    }

    private static Line parseLine(String line) {
        int space = line.indexOf(' ', DASH.length());
        if (!line.startsWith(DASH) || space < 0) {
            throw new MalformedException("note/signature-line", "a signature line is an em dash, a name and base64");
        }
        return new Line(line.substring(DASH.length(), space), line.substring(space + 1));
    }

    private static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("note/not-utf-8", "a note is UTF-8 text");
        }
    }

    /** A copy with these signature lines added at the end. */
    public SignedNote with(List<Line> more) {
        List<Line> all = new ArrayList<>(signatures);
        all.addAll(more);
        return new SignedNote(text, all);
    }

    /**
     * Checks every signature made by a known key.
     *
     * @return the known keys that have signed, at least one
     * @throws MalformedException {@code note/signature} where a signature under a known key's name and id is wrong
     *     (then the whole note is refused); {@code note/unknown-signer} where no known key has signed
     */
    public List<NoteKey> verify(List<NoteKey> known, Verifier verifier) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        List<NoteKey> signers = new ArrayList<>();
        for (Line line : signatures) {
            Optional<NoteKey> key = known.stream().filter(line::isBy).findFirst();
            if (key.isEmpty()) {
                continue;
            }
            if (!verifier.verify(key.get().publicKey(), message, line.signature())) {
                throw new MalformedException("note/signature", "the signature by " + line.name() + " does not fit");
            }
            if (!signers.contains(key.get())) {
                signers.add(key.get());
            }
        }
        if (signers.isEmpty()) {
            throw new MalformedException("note/unknown-signer", "no known key has signed the note");
        }
        return List.copyOf(signers);
    }

    /** The note's UTF-8 bytes. */
    public byte[] encode() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The whole note: text, blank line, signature lines. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(text).append('\n');
        for (Line line : signatures) {
            out.append(DASH)
                    .append(line.name())
                    .append(' ')
                    .append(line.value())
                    .append('\n');
        }
        return out.toString();
    }
}
