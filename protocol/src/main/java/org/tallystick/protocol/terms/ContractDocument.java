package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DetachedJws;
import org.tallystick.protocol.sign.DidDocument;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.DidWeb;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * A data contract as the parties sign it, in JSON-LD. A member that is not understood is refused, because nobody should
 * sign a term that no program reads. {@link #parse(byte[])} checks form and arithmetic; {@link #verify} checks the
 * signatures. The signed bytes are the canonical form (RFC 8785) of the document without {@code signatures}, so that
 * the parties can sign in any order.
 *
 * <p>Immutable, safe from any thread.
 */
public final class ContractDocument {
    /** Longest document accepted, in bytes. */
    public static final int MAX_BYTES = 4 << 20;

    private static final String WHERE = "contract";
    private static final String SIGNATURES = "signatures";
    private static final int MAX_SIGNATURES = 10_000;
    private static final int MAX_CONTEXT = 256;
    private static final int MAX_CONTEXTS = 8;
    private static final int FEE_DECIMALS = 12;

    private final Json.Obj json;
    private final byte[] signingBytes;
    private final String id;
    private final String dataset;
    private final Optional<String> buyer;
    private final Optional<String> curator;
    private final Optional<Hash> datasetVersion;
    private final ContractLicense license;
    private final Compensation compensation;
    private final BigDecimal platformFeeShare;
    private final ContractPayout payout;
    private final ContractTerms terms;
    private final Optional<ContractReplacement> replaces;
    private final Optional<ContractText> text;
    private final List<ContractSignature> signatures;

    private ContractDocument(Json.Obj json, Fields fields) {
        this.json = json;
        context(fields);
        if (!fields.text("@type").equals("DataContract")) {
            throw new MalformedException("contract/type", fields.path("@type") + " is not DataContract");
        }
        this.id = Identifiers.check(fields.text("contractId"), "contract/id", fields.path("contractId"));
        this.dataset = Identifiers.check(fields.text("datasetId"), "contract/dataset", fields.path("datasetId"));
        this.buyer = party(fields, "buyerId");
        this.curator = party(fields, "curatorId");
        this.datasetVersion = fields.optionalText("datasetVersion").map(ContractDocument::version);
        this.license = ContractLicense.read(fields.fields("license"));
        if (json.get("pricing").orElse(Json.NULL) instanceof Json.Null) {
            throw new MalformedException("contract/price-missing", fields.path("pricing") + " is missing");
        }
        this.compensation = PricingReader.read(fields.fields("pricing"));
        this.platformFeeShare = fee(fields);
        this.payout = ContractPayout.read(fields.fields("payout"));
        this.terms = TermsReader.read(license, compensation, platformFeeShare, payout, fields.optionalFields("terms"));
        this.replaces = fields.optionalFields("replaces").map(ContractReplacement::read);
        this.text = fields.optionalFields("text").map(ContractText::read);
        this.signatures = signatures(fields);
        fields.noOthers();
        this.signingBytes = Jcs.bytes(json.without(SIGNATURES));
    }

    /**
     * Reads a document's text.
     *
     * @throws MalformedException {@code contract/…} or {@code json/…}; {@code contract/oversized} above
     *     {@value #MAX_BYTES} bytes
     */
    public static ContractDocument parse(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new MalformedException("contract/oversized", "a contract has at most " + MAX_BYTES + " bytes");
        }
        Json.Obj json = Json.parseObject(utf8);
        return new ContractDocument(json, Fields.strict(json, WHERE));
    }

    /**
     * Reads a document from JSON that is parsed already.
     *
     * @throws MalformedException as {@link #parse(byte[])}
     */
    public static ContractDocument parse(Json.Obj document) {
        ContractDocument contract = new ContractDocument(document, Fields.strict(document, WHERE));
        if (contract.signingBytes.length > MAX_BYTES) {
            throw new MalformedException("contract/oversized", "a contract has at most " + MAX_BYTES + " bytes");
        }
        return contract;
    }

    /**
     * Reads a document that was accepted before and stands in a log, a table or a statement: by the rules of then, under
     * which a member that is {@code null} was absent, so that what was signed goes on being valid.
     *
     * @throws MalformedException as {@link #parse(byte[])}
     */
    public static ContractDocument recorded(Json.Obj document) {
        return new ContractDocument(document, Fields.recorded(document, WHERE));
    }

    /**
     * The first moment past its life.
     *
     * @param accepted when it comes into force
     * @param replaced first moment past the life of the contract whose place it takes, as things stood
     */
    public Instant endOf(Instant accepted, Optional<Instant> replaced) {
        return license.endOf(countedFrom(accepted, replaced));
    }

    /**
     * The moment from which its periods are counted: acceptance; of a renewal that is early the end of what it renews,
     * because those days are paid for already.
     */
    public Instant countedFrom(Instant accepted, Optional<Instant> replaced) {
        boolean renews = replaces.filter(old -> old.as() == ContractReplacement.Kind.RENEWAL)
                .isPresent();
        return replaced.filter(end -> renews && end.isAfter(accepted)).orElse(accepted);
    }

    /** The document as JSON, signatures included. */
    public Json.Obj json() {
        return json;
    }

    /** The contract's id, chosen by its parties. */
    public String id() {
        return id;
    }

    /** The dataset's id. */
    public String dataset() {
        return dataset;
    }

    /** Party id of the buyer, who pays. May be missing in a draft; a contract without it cannot be accepted. */
    public Optional<String> buyer() {
        return buyer;
    }

    /** Party id of the curator, who put the dataset together. May be missing in a draft. */
    public Optional<String> curator() {
        return curator;
    }

    /** Root of the dataset version that the contract grants. */
    public Optional<Hash> datasetVersion() {
        return datasetVersion;
    }

    public ContractLicense license() {
        return license;
    }

    /** All terms as values, including {@link #license}, {@link #payout} and the price. */
    public ContractTerms terms() {
        return terms;
    }

    /** The contract that this one replaces, if it replaces one. */
    public Optional<ContractReplacement> replaces() {
        return replaces;
    }

    /** The hashes of the text the parties read, if they signed them too. */
    public Optional<ContractText> text() {
        return text;
    }

    /** What the buyer pays, for every pricing model. */
    public Compensation compensation() {
        return compensation;
    }

    /**
     * The price, where the contract has one of the two simple models; {@link #compensation} works for every contract.
     *
     * @throws MalformedException {@code contract/pricing-composed} where it has several charges or bounds
     */
    public Pricing pricing() {
        return compensation
                .simple()
                .orElseThrow(() -> new MalformedException(
                        "contract/pricing-composed", "contract " + id + " has no single price: it is composed"));
    }

    /** The platform's share of the gross amount, taken before the payees' shares; 0 or more, below 1. */
    public BigDecimal platformFeeShare() {
        return platformFeeShare;
    }

    public ContractPayout payout() {
        return payout;
    }

    /** The signatures in the document, at most one of each party. Nothing here says whether they are valid. */
    public List<ContractSignature> signatures() {
        return signatures;
    }

    /** The bytes that every party signs; a fresh copy. */
    public byte[] signingBytes() {
        return signingBytes.clone();
    }

    /** SHA-256 of {@link #signingBytes}: equal terms have equal hashes, whoever has signed so far. */
    public Hash hash() {
        return Sha256.hash(signingBytes);
    }

    /**
     * A copy with a party's signature, which replaces an earlier one of the same party.
     *
     * @param timestamp when the party signs; informative, see {@link ContractSignature#timestamp}
     */
    public ContractDocument sign(String party, Signer signer, Instant timestamp) {
        return signed(
                ContractSignature.write(party, new DidKey(signer.publicKey()), signer.sign(signingBytes), timestamp));
    }

    /**
     * Signs like {@link #sign}, but writes the signature as a detached JWS (RFC 7515, appendix F).
     *
     * @param web the key's name in a DID document; empty where the signature names it by its did:key
     */
    public ContractDocument signDetached(String party, Signer signer, Optional<DidWeb> web, Instant timestamp) {
        DidKey key = new DidKey(signer.publicKey());
        String name = web.map(DidWeb::toString).orElseGet(key::toString);
        return signed(
                ContractSignature.writeDetached(party, key, DetachedJws.sign(name, signingBytes, signer), timestamp));
    }

    /**
     * A copy signed in a creator's name by an agent to whom the creator has given a mandate.
     *
     * @param agent the agent's key
     */
    public ContractDocument signUnder(Mandate mandate, Signer agent, Instant timestamp) {
        return signed(ContractSignature.write(
                        mandate.creator(), new DidKey(agent.publicKey()), agent.sign(signingBytes), timestamp)
                .with("mandate", mandate.json()));
    }

    private ContractDocument signed(Json.Obj signature) {
        Json party = Fields.of(signature, SIGNATURES).required("party");
        List<Json> all = new ArrayList<>();
        for (Json item : Fields.of(json, WHERE).optionalArray(SIGNATURES)) {
            if (!Fields.of(item, SIGNATURES).required("party").equals(party)) {
                all.add(item);
            }
        }
        all.add(signature);
        return parse(json.with(SIGNATURES, Json.array(all)));
    }

    /**
     * Checks all signatures.
     *
     * @param required the parties that must have signed; buyer and curator are added where the document names them
     * @param keys each party's key as the caller knows it; a signature by another key, or by a party that is not in it,
     *     is a finding
     * @return everything that is wrong; empty where the contract binds its parties
     */
    public List<Finding> verify(Set<String> required, Map<String, DidKey> keys, Verifier verifier) {
        List<Finding> findings = new ArrayList<>();
        missing(findings, buyer.isPresent(), "buyer", "buyerId");
        missing(findings, curator.isPresent(), "curator", "curatorId");
        missing(findings, datasetVersion.isPresent(), "dataset-version", "datasetVersion");
        Set<String> signed = new HashSet<>();
        SignatureCheck check = signatureCheck(verifier);
        for (ContractSignature signature : signatures) {
            signed.add(signature.party());
            check.byKnownKeys(signature, party -> Optional.ofNullable(keys.get(party)))
                    .ifPresent(findings::add);
        }
        Set<String> needed = new LinkedHashSet<>();
        buyer.ifPresent(needed::add);
        curator.ifPresent(needed::add);
        needed.addAll(required);
        for (String party : needed) {
            if (!signed.contains(party)) {
                findings.add(new Finding("contract/signature-missing", party, party + " has not signed"));
            }
        }
        return List.copyOf(findings);
    }

    /**
     * Checks each signature with the key it names itself. Shows that this key signed these terms, not that the key
     * belongs to the party.
     *
     * @return everything that is wrong
     */
    public List<Finding> verifyByStatedKeys(Verifier verifier) {
        SignatureCheck check = signatureCheck(verifier);
        return signatures.stream()
                .flatMap(signature -> check.byStatedKeys(signature).stream())
                .toList();
    }

    private SignatureCheck signatureCheck(Verifier verifier) {
        Set<String> sides = new HashSet<>();
        buyer.ifPresent(sides::add);
        curator.ifPresent(sides::add);
        UseTerm.Grant grant = terms().get(UseTerm.Grant.class);
        return new SignatureCheck(sides, mandate -> mandate.outside(id, dataset, grant), signingBytes, verifier);
    }

    /**
     * Holds the keys that signatures name as {@code did:web} against the DID documents that are at hand: nothing is fetched.
     *
     * @param now a key that its document says is revoked or has expired by then signs nothing, whatever time stands beside
     *     its signature: no signature covers that time
     * @return a finding for each document that is not here, and each key that is not in it or is over
     */
    public List<Finding> verifyNames(List<DidDocument> documents, Instant now) {
        List<Finding> findings = new ArrayList<>();
        for (ContractSignature signature : signatures) {
            if (signature.web().isEmpty()) {
                continue;
            }
            DidWeb name = signature.web().get();
            Optional<DidDocument> document = documents.stream()
                    .filter(known -> known.id().equals(name.did()))
                    .findFirst();
            if (document.isEmpty()) {
                findings.add(new Finding(
                        "contract/did-document-missing",
                        signature.signer(),
                        "the DID document of " + name.did() + " is needed; its owner publishes it at "
                                + name.location()));
            } else {
                named(signature, name, document.get(), now).ifPresent(findings::add);
            }
        }
        return List.copyOf(findings);
    }

    private static Optional<Finding> named(
            ContractSignature signature, DidWeb name, DidDocument document, Instant now) {
        Optional<DidDocument.Key> key = document.key(name);
        if (!key.map(DidDocument.Key::key).equals(signature.key())) {
            return Optional.of(new Finding(
                    "contract/did-wrong-key",
                    signature.signer(),
                    "the DID document does not say that " + name + " is the key of this signature"));
        }
        Optional<Instant> revoked = key.flatMap(DidDocument.Key::revoked).filter(time -> !now.isBefore(time));
        if (revoked.isPresent()) {
            return Optional.of(new Finding(
                    "contract/did-key-revoked",
                    signature.signer(),
                    name + " was revoked at " + revoked.get() + ", and no signature shows that it was made before"));
        }
        return key.flatMap(DidDocument.Key::expires)
                .filter(time -> !now.isBefore(time))
                .map(time -> new Finding("contract/did-key-expired", signature.signer(), name + " expired at " + time));
    }

    private static void missing(List<Finding> findings, boolean present, String what, String member) {
        if (!present) {
            findings.add(new Finding(
                    "contract/" + what + "-missing", member, "the contract has no " + member + ", so it binds nobody"));
        }
    }

    private static void context(Fields fields) {
        Json context = fields.required("@context");
        List<Json> items = context instanceof Json.Arr array ? array.items() : List.of(context);
        boolean well = !items.isEmpty() && items.size() <= MAX_CONTEXTS;
        for (Json item : items) {
            well &= item instanceof Json.Str text && text.value().length() <= MAX_CONTEXT;
        }
        if (!well) {
            throw new MalformedException(
                    "contract/context", fields.path("@context") + " must be a URI or a list of up to " + MAX_CONTEXTS);
        }
    }

    private static Optional<String> party(Fields fields, String member) {
        return fields.optionalText(member).map(text -> Identifiers.check(text, "contract/party", fields.path(member)));
    }

    private static Hash version(String text) {
        try {
            return Hash.ofHex(text);
        } catch (MalformedException e) {
            throw new MalformedException(
                    "contract/dataset-version",
                    "contract.datasetVersion " + Fields.shown(text) + " is not 64 lower-case hexadecimal digits");
        }
    }

    private static BigDecimal fee(Fields fields) {
        BigDecimal fee = fields.optionalNumber("platformFeeShare").orElse(BigDecimal.ZERO);
        if (fee.signum() < 0 || fee.compareTo(BigDecimal.ONE) >= 0 || fee.scale() > FEE_DECIMALS) {
            throw new MalformedException(
                    "contract/fee",
                    fields.path("platformFeeShare") + " must be 0 or more and below 1, with at most " + FEE_DECIMALS
                            + " decimals");
        }
        return fee;
    }

    private static List<ContractSignature> signatures(Fields fields) {
        List<ContractSignature> all = new ArrayList<>();
        Set<String> parties = new HashSet<>();
        if (fields.optionalArray(SIGNATURES).size() > MAX_SIGNATURES) {
            throw new MalformedException(
                    "contract/signatures", "a contract has at most " + MAX_SIGNATURES + " signatures");
        }
        if (fields.optional(SIGNATURES).isPresent()) {
            for (Fields item : fields.objects(SIGNATURES)) {
                all.add(ContractSignature.read(item));
                if (!parties.add(all.getLast().party())) {
                    throw new MalformedException(
                            "contract/signature-duplicate", all.getLast().party() + " signs twice");
                }
            }
        }
        return List.copyOf(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContractDocument that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return Objects.hash(json);
    }

    @Override
    public String toString() {
        return Jcs.text(json);
    }
}
