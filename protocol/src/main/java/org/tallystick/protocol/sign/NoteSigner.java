package org.tallystick.protocol.sign;

import java.util.Objects;
import org.tallystick.protocol.codec.MalformedException;

/** A name and the private key that signs notes under it. Safe from any thread, as its signer is. */
public record NoteSigner(String name, Signer signer) {
    public NoteSigner {
        Objects.requireNonNull(signer);
        if (!NoteKey.isName(name)) {
            throw new MalformedException("note-key/name", "a key name has no spaces, control characters or plus signs");
        }
    }

    /** The key that verifies what this signs. */
    public NoteKey key() {
        return NoteKey.of(name, signer.publicKey());
    }
}
