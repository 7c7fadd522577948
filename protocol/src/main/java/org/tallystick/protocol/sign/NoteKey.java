package org.tallystick.protocol.sign;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.tallystick.protocol.codec.Base64Text;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * The name and Ed25519 public key of somebody who may sign notes (C2SP signed-note, signature type 0x01). Its text form
 * is what people put into a configuration to say whom they trust. Immutable, safe from any thread.
 */
public final class NoteKey {
    private static final byte ED25519 = 1;
    private static final int MAX_TEXT = 512;

    private final String name;
    private final byte[] publicKey;
    private final int id;

    private NoteKey(String name, byte[] publicKey) {
        this.name = name;
        this.publicKey = publicKey;
        this.id = id(name, publicKey);
    }

    /**
     * @param name without spaces and plus signs; usually an address without {@code https://}
     * @param publicKey raw, 32 bytes, copied
     * @throws MalformedException {@code note-key/name} or {@code note-key/key}
     */
    public static NoteKey of(String name, byte[] publicKey) {
        if (!isName(name)) {
            throw new MalformedException("note-key/name", "a key name has no spaces, control characters or plus signs");
        }
        if (!Ed25519Keys.isUsable(publicKey)) {
            throw new MalformedException("note-key/key", "these bytes cannot be anybody's Ed25519 public key");
        }
        return new NoteKey(name, publicKey.clone());
    }

    /**
     * Reads {@code name+hex(id)+base64(type‖key)}, where ‖ puts bytes one after another.
     *
     * @throws MalformedException {@code note-key/malformed}; {@code note-key/type} for algorithms other than Ed25519;
     *     {@code note-key/id} where the id does not follow from name and key; or as {@link #of}
     */
    public static NoteKey parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (text.length() > MAX_TEXT || parts.length != 3 || !parts[1].matches("[0-9a-f]{8}")) {
            throw new MalformedException("note-key/malformed", "a verifier key is name+8 hex digits+base64");
        }
        byte[] typed = Base64Text.decode(parts[2], "note-key/malformed");
        if (typed.length == 0 || typed[0] != ED25519) {
            throw new MalformedException("note-key/type", "the verifier key is not of type 1, Ed25519");
        }
        NoteKey key = of(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
        if (!key.hexId().equals(parts[1])) {
            throw new MalformedException(
                    "note-key/id", "the key id is " + parts[1] + ", name and key give " + key.hexId());
        }
        return key;
    }

    /** The name in the signature lines of this key. */
    public String name() {
        return name;
    }

    /** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), big-endian. */
    int id() {
        return id;
    }

    /** The raw 32-byte public key; a copy. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey that && name.equals(that.name) && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return id;
    }

    /** The text form that {@link #parse} reads. */
    @Override
    public String toString() {
        return name + "+" + hexId() + "+" + Base64.getEncoder().encodeToString(typed(publicKey));
    }

    /** Whether the text may be the name of a key: not empty, without spaces, control characters and plus signs. */
    public static boolean isName(String text) {
        return !text.isEmpty()
                && Jcs.isScalarText(text)
                && text.codePoints()
                        .noneMatch(c -> c < 0x20
                                || c == '+'
                                || c == 0x85
                                || Character.isSpaceChar(c)
                                || Character.isWhitespace(c));
    }

    private String hexId() {
        return String.format(Locale.ROOT, "%08x", id);
    }

    private static int id(String name, byte[] publicKey) {
        byte[] start = (name + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] typed = typed(publicKey);
        byte[] all = Arrays.copyOf(start, start.length + typed.length);
        System.arraycopy(typed, 0, all, start.length, typed.length);
        return ByteBuffer.wrap(Sha256.hash(all).toBytes()).getInt();
    }

    private static byte[] typed(byte[] publicKey) {
        byte[] typed = new byte[1 + publicKey.length];
        typed[0] = ED25519;
        System.arraycopy(publicKey, 0, typed, 1, publicKey.length);
        return typed;
    }
}
