package org.tallystick.protocol.terms;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.sign.DetachedJws;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/** Checks one signature of a contract and, where another party signed under a mandate, the mandate too. */
final class SignatureCheck {
    private final Set<String> sides;
    private final Function<Mandate, Optional<String>> outside;
    private final byte[] signed;
    private final Verifier verifier;

    /**
     * The check of one contract's signatures.
     *
     * @param sides party ids of the buyer and the curator, who always sign for themselves
     * @param outside names what of the contract a mandate does not cover; empty where it covers everything
     * @param signed the bytes every party signs
     */
    SignatureCheck(Set<String> sides, Function<Mandate, Optional<String>> outside, byte[] signed, Verifier verifier) {
        this.sides = sides;
        this.outside = outside;
        this.signed = signed;
        this.verifier = verifier;
    }

    /** What is wrong with the signature when parties have the keys the caller knows; empty where it is valid. */
    Optional<Finding> byKnownKeys(ContractSignature signature, Function<String, Optional<DidKey>> keys) {
        Optional<DidKey> creators = signature.mandate().flatMap(mandate -> keys.apply(mandate.creator()));
        return mandate(signature, creators).or(() -> check(signature, keys.apply(signature.signer())));
    }

    /** What is wrong with the signature when the keys it states are believed; empty where it is valid. */
    Optional<Finding> byStatedKeys(ContractSignature signature) {
        return mandate(signature, signature.mandate().map(Mandate::key)).or(() -> check(signature, signature.key()));
    }

    private Optional<Finding> mandate(ContractSignature signature, Optional<DidKey> expected) {
        if (signature.mandate().isEmpty()) {
            return Optional.empty();
        }
        Mandate mandate = signature.mandate().get();
        String party = signature.party();
        String named = "the mandate " + mandate.id() + " of " + mandate.creator();
        if (sides.contains(party)) {
            return finding("mandate-side", party, party + " is a side of the contract and signs for itself");
        }
        if (!mandate.creator().equals(party)) {
            return finding("mandate-party", party, named + " does not bind " + party);
        }
        if (expected.isEmpty()) {
            return finding("party-unknown", party, party + " has given a mandate, but no key of that party is known");
        }
        if (!expected.get().equals(mandate.key())) {
            return finding("mandate-wrong-key", party, named + " names a key that is not that party's");
        }
        if (!mandate.isSigned(verifier)) {
            return finding("mandate-signature", party, named + " is not signed by its key");
        }
        if (!mandate.holdsAt(signature.timestamp())) {
            return finding(
                    "mandate-time",
                    party,
                    named + " holds from " + mandate.begins() + " until " + mandate.ends() + ", not at "
                            + signature.timestamp());
        }
        return outside.apply(mandate)
                .flatMap(what -> finding("mandate-reach", party, named + " does not reach " + what));
    }

    private Optional<Finding> check(ContractSignature signature, Optional<DidKey> expected) {
        String party = signature.signer();
        boolean digits = SignatureText.isWellFormed(signature.text());
        Optional<byte[]> bytes = digits
                ? SignatureText.bytes(signature.text())
                : Optional.of(DetachedJws.parse(signature.text()).signature());
        if (bytes.isEmpty()) {
            return finding(
                    "signature-malformed",
                    party,
                    "the signature of " + party + " is " + Fields.shown(signature.text())
                            + ", not 0x and 128 lower-case hexadecimal digits");
        }
        if (signature.key().isEmpty()) {
            return finding("signature-key-missing", party, "the signature of " + party + " names no key");
        }
        if (expected.isEmpty()) {
            return finding("party-unknown", party, party + " has signed, but no key of that party is known");
        }
        if (!signature.key().equals(expected)) {
            return finding(
                    "signature-wrong-key",
                    party,
                    "the signature of " + party + " names a key that is not that party's");
        }
        byte[] message = digits ? signed : DetachedJws.parse(signature.text()).message(signed);
        if (!verifier.verify(expected.get().publicKey(), message, bytes.get())) {
            return finding(
                    "signature-wrong", party, "the signature of " + party + " does not fit these terms and that key");
        }
        return Optional.empty();
    }

    private static Optional<Finding> finding(String reason, String party, String detail) {
        return Optional.of(new Finding("contract/" + reason, party, detail));
    }
}
