package org.tallystick.protocol.sign;

import java.util.Objects;
import org.tallystick.protocol.codec.MalformedException;

/** A name and the private key that signs notes under this name (C2SP signed-note). Safe from any thread. */
public record NoteSigner(String name, Signer signer) {
    public NoteSigner {
        Objects.requireNonNull(signer);
        if (!NoteKey.isName(name)) {
            throw new MalformedException("note-key/name", "a key name has no spaces, control characters or plus signs");
        }
    }

    /** The public key, under the same name, that verifies these signatures. */
    public NoteKey key() {
        return NoteKey.of(name, signer.publicKey());
    }
}
