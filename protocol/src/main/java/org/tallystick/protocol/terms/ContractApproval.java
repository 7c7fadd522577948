package org.tallystick.protocol.terms;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The agreement of a role inside the buyer's organisation, such as its legal department, to exactly these terms.
 * Approvals are not signatures under the contract: they are what the buyer itself requires before its own signature
 * counts.
 *
 * @param approver the role, such as {@code legal}; never a person's name, because it is kept for ever
 * @param key the public key of the role
 * @param signature 64 bytes over the role, the contract's id and the hash of its terms
 */
public record ContractApproval(String approver, DidKey key, byte[] signature) {
    public ContractApproval {
        approver = part(approver);
        Objects.requireNonNull(key);
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /**
     * Checks the name of a role and gives it back.
     *
     * @throws MalformedException {@code approval/approver}
     */
    public static String part(String name) {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new MalformedException(
                    "approval/approver", Fields.shown(name) + " is not a name of lower-case words joined by hyphens");
        }
        return name;
    }

    /** Approves a contract's terms. */
    public static ContractApproval sign(String approver, ContractDocument contract, Signer signer) {
        return new ContractApproval(
                approver, new DidKey(signer.publicKey()), signer.sign(message(part(approver), contract)));
    }

    /**
     * Reads an approval. Checks no signature.
     *
     * @throws MalformedException {@code approval/…} or {@code json/…}
     */
    public static ContractApproval parse(Json.Obj json) {
        Fields fields = Fields.strict(json, "approval");
        String text = fields.text("sig");
        ContractApproval approval = new ContractApproval(
                fields.text("approver"),
                DidKey.parse(fields.text("key")),
                SignatureText.bytes(text)
                        .orElseThrow(() -> new MalformedException(
                                "approval/signature-malformed",
                                Fields.shown(text) + " is not 0x and 128 lower-case hexadecimal digits")));
        fields.noOthers();
        return approval;
    }

    public Json.Obj json() {
        return Json.object()
                .put("approver", approver)
                .put("key", key.toString())
                .put("sig", SignatureText.of(signature))
                .build();
    }

    /**
     * Checks the approval of a contract.
     *
     * @param approvers the key of each role the buyer has named
     * @return what is wrong; empty where the approval is valid
     */
    public Optional<Finding> verify(ContractDocument contract, Map<String, DidKey> approvers, Verifier verifier) {
        if (!approvers.containsKey(approver)) {
            return finding("unknown-approver", "the buyer has named no approver " + approver);
        }
        if (!key.equals(approvers.get(approver))) {
            return finding("wrong-key", "the key is not that of approver " + approver);
        }
        return verifier.verify(key.publicKey(), message(approver, contract), signature)
                ? Optional.empty()
                : finding("signature", "the signature of " + approver + " does not fit these terms and that key");
    }

    private Optional<Finding> finding(String reason, String detail) {
        return Optional.of(new Finding("approval/" + reason, approver, detail));
    }

    private static byte[] message(String approver, ContractDocument contract) {
        return Jcs.bytes(Json.object()
                .put("@type", "ContractApproval")
                .put("approver", approver)
                .put("contractId", contract.id())
                .put("hash", contract.hash().hex())
                .build());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContractApproval that && json().equals(that.json());
    }

    @Override
    public int hashCode() {
        return json().hashCode();
    }
}
