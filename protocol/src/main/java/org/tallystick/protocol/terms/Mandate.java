package org.tallystick.protocol.terms;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * A creator's permission for an agent, such as its co-operative, to sign contracts for it: which agent, which
 * contracts, from when until when. The creator signs it, and it is part of every signature made under it, so that
 * whoever verifies a contract offline can verify the creator's own signature. Whether a mandate was revoked is known
 * only to the platform that accepts contracts.
 *
 * <p>Immutable, safe from any thread.
 */
public final class Mandate {
    private static final String WHERE = "mandate";
    private static final String SIGNATURE = "sig";
    private static final int MAX_ITEMS = 256;

    private final Json.Obj json;
    private final String id;
    private final String creator;
    private final String agent;
    private final Reach reach;
    private final Instant begins;
    private final Instant ends;
    private final DidKey key;
    private final String signature;

    /**
     * Which contracts the agent may sign. An empty set means no restriction.
     *
     * @param datasets ids of datasets
     * @param contracts ids of contracts
     * @param uses the only uses a contract may permit
     * @param purposes the only purposes a contract may name; it must name at least one
     */
    public record Reach(Set<String> datasets, Set<String> contracts, Set<Use> uses, Set<UseTerm.Purpose> purposes) {
        public Reach {
            datasets = Set.copyOf(datasets);
            contracts = Set.copyOf(contracts);
            uses = Set.copyOf(uses);
            purposes = Set.copyOf(purposes);
        }

        /** No restriction: every contract. */
        public static Reach any() {
            return new Reach(Set.of(), Set.of(), Set.of(), Set.of());
        }
    }

    private Mandate(Fields fields) {
        this.json = fields.object();
        if (!fields.text("@type").equals("SigningMandate")) {
            throw new MalformedException("mandate/type", fields.path("@type") + " is not SigningMandate");
        }
        this.id = Identifiers.check(fields.text("mandateId"), "mandate/id", fields.path("mandateId"));
        this.creator = Identifiers.check(fields.text("creatorId"), "mandate/party", fields.path("creatorId"));
        this.agent = Identifiers.check(fields.text("agentId"), "mandate/party", fields.path("agentId"));
        if (creator.equals(agent)) {
            throw new MalformedException("mandate/party", creator + " needs no mandate to sign for itself");
        }
        this.reach = new Reach(
                all(fields, "datasets", text -> Identifiers.check(text, "mandate/dataset", "mandate.datasets")),
                all(fields, "contracts", text -> Identifiers.check(text, "mandate/contract", "mandate.contracts")),
                all(
                        fields,
                        "uses",
                        text -> word(Use.ofWord(text).filter(use -> use.word().equals(text)), text)),
                all(fields, "purposes", text -> word(purpose(text), text)));
        this.begins = fields.instant("begins");
        this.ends = fields.instant("ends");
        if (!begins.isBefore(ends)) {
            throw new MalformedException("mandate/time", "mandate " + id + " ends before it begins");
        }
        this.key = DidKey.parse(fields.text("key"));
        this.signature = fields.text(SIGNATURE);
        fields.noOthers();
    }

    /**
     * Reads a mandate. Checks no signature.
     *
     * @throws MalformedException {@code mandate/…}, {@code did-key/…} or {@code json/…}
     */
    public static Mandate parse(Json.Obj json) {
        return read(Fields.strict(json, WHERE));
    }

    static Mandate read(Fields fields) {
        return new Mandate(fields);
    }

    /**
     * Gives a mandate in a creator's name.
     *
     * @param begins first moment at which the agent may sign
     * @param ends first moment at which it no longer may
     * @throws MalformedException as {@link #parse}
     */
    public static Mandate sign(
            String id, String creator, String agent, Reach reach, Instant begins, Instant ends, Signer signer) {
        Json.Builder out = Json.object()
                .put("@type", "SigningMandate")
                .put("mandateId", id)
                .put("creatorId", creator)
                .put("agentId", agent)
                .put("begins", begins)
                .put("ends", ends)
                .put("key", new DidKey(signer.publicKey()).toString());
        names(out, "datasets", reach.datasets());
        names(out, "contracts", reach.contracts());
        names(out, "uses", reach.uses().stream().map(Use::word).toList());
        names(out, "purposes", reach.purposes().stream().map(Worded::word).toList());
        Json.Obj unsigned = out.build();
        return parse(unsigned.with(SIGNATURE, Json.of(SignatureText.of(signer.sign(Jcs.bytes(unsigned))))));
    }

    private static void names(Json.Builder out, String member, Collection<String> names) {
        if (!names.isEmpty()) {
            out.put(member, Json.strings(names.stream().sorted().toList()));
        }
    }

    private static <T> Set<T> all(Fields fields, String member, Function<String, T> reader) {
        List<String> texts = fields.strings(member);
        boolean empty = fields.optional(member).isPresent() && texts.isEmpty();
        if (empty || texts.size() > MAX_ITEMS || Set.copyOf(texts).size() < texts.size()) {
            throw new MalformedException(
                    "mandate/reach", fields.path(member) + " has 1 to " + MAX_ITEMS + " items, all different");
        }
        return texts.stream().map(reader).collect(Collectors.toUnmodifiableSet());
    }

    private static <T> T word(Optional<T> found, String text) {
        return found.orElseThrow(() -> new MalformedException(
                "mandate/reach", Fields.shown(text) + " is no use or purpose a contract can have"));
    }

    private static Optional<UseTerm.Purpose> purpose(String word) {
        return java.util.Arrays.stream(UseTerm.Purpose.values())
                .filter(purpose -> purpose.word().equals(word))
                .findFirst();
    }

    /** The mandate as JSON, with its signature. */
    public Json.Obj json() {
        return json;
    }

    /** The mandate's id, chosen by the creator. */
    public String id() {
        return id;
    }

    /** Party id of the creator who gives it. */
    public String creator() {
        return creator;
    }

    /** Party id of the agent who may sign. */
    public String agent() {
        return agent;
    }

    public Reach reach() {
        return reach;
    }

    /** First moment at which the agent may sign. */
    public Instant begins() {
        return begins;
    }

    /** First moment at which it no longer may. */
    public Instant ends() {
        return ends;
    }

    /** The creator's public key as the mandate states it. */
    public DidKey key() {
        return key;
    }

    /** Whether the stated key signed the mandate. Whether this key is the creator's, the caller must know. */
    public boolean isSigned(Verifier verifier) {
        return SignatureText.bytes(signature)
                .filter(bytes -> verifier.verify(key.publicKey(), Jcs.bytes(json.without(SIGNATURE)), bytes))
                .isPresent();
    }

    /** Whether the agent may sign at that moment. */
    public boolean holdsAt(Instant time) {
        return !time.isBefore(begins) && time.isBefore(ends);
    }

    /**
     * What of a contract the mandate does not cover, as words for a message; empty where it covers everything.
     *
     * @param contract the contract's id
     * @param dataset its dataset's id
     * @param grant what it permits
     */
    Optional<String> outside(String contract, String dataset, UseTerm.Grant grant) {
        if (!reach.datasets().isEmpty() && !reach.datasets().contains(dataset)) {
            return Optional.of("dataset " + dataset);
        }
        if (!reach.contracts().isEmpty() && !reach.contracts().contains(contract)) {
            return Optional.of("contract " + contract);
        }
        if (!reach.uses().isEmpty() && !reach.uses().containsAll(grant.uses())) {
            return Optional.of("a use the contract permits");
        }
        boolean open = grant.purposes().isEmpty() || !reach.purposes().containsAll(grant.purposes());
        if (!reach.purposes().isEmpty() && open) {
            return Optional.of("a purpose the contract leaves open");
        }
        return Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mandate that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return Jcs.text(json);
    }
}
