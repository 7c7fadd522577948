package org.tallystick.protocol.sign;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * What a key signs to show that whoever brings it has it: that it will sign as this party, in this role, on this platform. So
 * nobody registers another's key, and a proof seen once is worth nothing under another id, in another role, elsewhere, or
 * {@link #VALID} later. A {@link Jws} of type {@link #TYPE}, whose {@code kid} is the key.
 *
 * @param platform the platform it is for
 * @param role as in documents: {@code creator}
 * @param time when it was signed, by the signer's clock
 */
public record KeyPossession(DidKey platform, String party, String role, Instant time) {
    /** The {@code typ} of a proof. */
    public static final String TYPE = "tallystick-possession+jws";

    /** How long a proof may be used: the time in which an operator has looked at who wants to be registered. */
    public static final Duration VALID = Duration.ofDays(7);

    /** Longest compact form accepted, in characters. */
    public static final int MAX_LENGTH = 2_048;

    private static final int MAX_ROLE = 16;

    /** @throws MalformedException {@code possession/party}, {@code possession/role} */
    public KeyPossession {
        Objects.requireNonNull(platform);
        Objects.requireNonNull(time);
        Identifiers.check(party, "possession/party", "party");
        if (role.isEmpty() || role.length() > MAX_ROLE) {
            throw new MalformedException("possession/role", Fields.shown(role) + " is no role");
        }
    }

    /** The signed proof. */
    public String sign(Signer key) {
        return Jws.sign(TYPE, payload(), key).compact();
    }

    private Json.Obj payload() {
        return Json.object()
                .put("party", party)
                .put("platform", platform.toString())
                .put("role", role)
                .put("time", time)
                .build();
    }

    /**
     * Reads a proof and checks that the key it is about has signed it; what it says is then to be compared.
     *
     * @throws MalformedException {@code jws/…}, {@code possession/…} or {@code json/…}
     */
    public static KeyPossession verify(String compact, DidKey key, Verifier verifier) {
        if (compact.length() > MAX_LENGTH) {
            throw new MalformedException("jws/too-long", "a proof has at most " + MAX_LENGTH + " characters");
        }
        Fields fields = Fields.of(Jws.parse(compact).verify(TYPE, key, verifier), "possession");
        KeyPossession proof = new KeyPossession(
                DidKey.parse(fields.text("platform")),
                fields.text("party"),
                fields.text("role"),
                fields.instant("time"));
        fields.noOthers();
        return proof;
    }

    /**
     * What is wrong with this proof as one for that party, role and platform; empty where it is one.
     *
     * @param ahead how far the signer's clock may be ahead
     */
    public Optional<String> objection(DidKey here, String id, String as, Instant now, Duration ahead) {
        if (!platform.equals(here)) {
            return Optional.of("it was made for the platform " + platform + ", this is " + here);
        }
        if (!party.equals(id)) {
            return Optional.of("it was made for the id " + party + ", not for " + id);
        }
        if (!role.equals(as)) {
            return Optional.of("it was made for the role " + role + ", not for " + as);
        }
        if (time.isAfter(now.plus(ahead)) || time.plus(VALID).isBefore(now)) {
            return Optional.of("it was signed at " + time + ", which is " + now + " here; it holds for "
                    + VALID.toDays() + " days");
        }
        return Optional.empty();
    }
}
