package org.tallystick.platform.party;

import java.util.Optional;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.SignedRequest;
import org.tallystick.protocol.sign.Verifier;

/**
 * Whether the signed request beside an API key in the table asks for that very key: checked whenever the key is read, so that
 * whoever can write the database still makes no key in a party's name. A key asked for with an earlier signing key is none.
 *
 * @param platform this platform's public key
 */
record OwnKeys(DidKey platform, Verifier verifier) {
    /** The path at which a party asks for its keys. */
    static String target(Principal party) {
        return "/parties/" + party.id() + "/keys";
    }

    /** What the party asked for, if it is this key under its present signing key. */
    Optional<KeyWish> asked(KeyStore.Found found) {
        if (found.request().isEmpty() || found.signing().isEmpty()) {
            return Optional.empty();
        }
        KeyStore.Request stored = found.request().get();
        try {
            SignedRequest request =
                    SignedRequest.verify(stored.compact(), found.signing().get(), verifier);
            KeyWish wish = KeyWish.read(stored.body());
            boolean asked = request.platform().equals(platform)
                    && request.party().equals(found.principal().id().value())
                    && request.method().equals("POST")
                    && request.target().equals(target(found.principal()))
                    && request.body().equals(Sha256.hash(stored.body()))
                    && wish.key()
                            .filter(key -> key.id().equals(found.record().id()) && key.matches(found.secretHash()))
                            .isPresent();
            return asked ? Optional.of(wish) : Optional.empty();
        } catch (MalformedException | RefusedException e) {
            return Optional.empty(); // whatever stands there, the party has not signed it
        }
    }
}
