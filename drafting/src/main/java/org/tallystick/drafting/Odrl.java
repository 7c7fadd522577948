package org.tallystick.drafting;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;

/**
 * Contracts as ODRL 2.2 policies, out and in without loss. Uses are permissions, bans prohibitions, the rest duties; what
 * ODRL has a word for takes that word (compensate, attribute, delete, spatial, elapsedTime, purpose), what it has none for
 * takes one of our profile ({@code tally:}). Signatures do not travel: they are over the contract.
 */
public final class Odrl {
    /** The profile our own words belong to. */
    public static final String PROFILE = "https://tallystick.org/contract/v1/odrl";

    private static final String CONTEXT = "http://www.w3.org/ns/odrl.jsonld";
    /** Where the words of our profile are defined. */
    static final String NAMESPACE = "https://tallystick.org/contract/v1#";

    static final String TALLY = "tally:";
    static final String CONTRACT = "urn:tallystick:contract:";
    static final String DATASET = "urn:tallystick:dataset:";
    static final String PARTY = "urn:tallystick:party:";
    static final String PRICING = "pricing";

    /** Members that travel as they stand. */
    static final List<String> MEMBERS = List.of("datasetVersion", "platformFeeShare", "replaces", "text");

    /** Names the members that stand in the contract and hold nothing; ODRL has no form for them. */
    static final String EMPTY = "empty";

    static final Set<String> MAY_BE_EMPTY = Set.of("forbiddenUses", "regionRestrictions", "terms", "purposes");

    /** The contract's own context, where it is not {@link #DEFAULT_CONTEXT}. */
    static final String CONTEXT_MEMBER = "context";

    static final Json DEFAULT_CONTEXT = Json.strings(List.of("https://schema.org/", ContractDraft.CONTEXT));

    /** Duties that ODRL has an action for, by the member of our terms. */
    static final Map<String, String> NATIVE = Map.of("attribution", "attribute", "deletion", "delete");

    private Odrl() {}

    /**
     * The policy that says what a contract says: an Agreement once all parties of the head are named and somebody has
     * signed, else an Offer.
     */
    public static Json.Obj write(ContractDocument document) {
        Json.Obj json = document.json();
        Fields fields = Fields.of(json, "contract");
        Json.Obj license = fields.fields("license").object();
        Json.Obj terms = fields.optionalFields("terms")
                .map(Fields::object)
                .orElse(Json.object().build());
        Json.Builder out = Json.object()
                .put(
                        "@context",
                        Json.array(List.of(
                                Json.of(CONTEXT),
                                Json.object().put("tally", NAMESPACE).build())))
                .put("@type", document.signatures().isEmpty() ? "Offer" : "Agreement")
                .put("uid", CONTRACT + document.id())
                .put("profile", PROFILE)
                .put("conflict", "prohibit")
                .put("target", DATASET + document.dataset())
                .putIfPresent("assigner", document.curator().map(PARTY::concat))
                .putIfPresent("assignee", document.buyer().map(PARTY::concat));
        for (String member : MEMBERS) {
            json.get(member).ifPresent(value -> out.put(TALLY + member, literal(value)));
        }
        Json context = json.get("@context").orElseThrow();
        if (!context.equals(DEFAULT_CONTEXT)) {
            out.put(TALLY + CONTEXT_MEMBER, literal(context));
        }
        List<String> empty = empty(json, license, terms);
        if (!empty.isEmpty()) {
            out.put(TALLY + EMPTY, literal(Json.strings(empty)));
        }
        out.put("tally:licence", license.get("type").orElseThrow())
                .put("tally:payout", literal(json.get("payout").orElseThrow()))
                .put("permission", Json.array(permissions(license, terms)));
        List<Json.Obj> bans = new ArrayList<>();
        Fields.of(license, "license")
                .strings("forbiddenUses")
                .forEach(act ->
                        bans.add(Json.object().put("action", "tally:" + act).build()));
        if (!bans.isEmpty()) {
            out.put("prohibition", Json.array(bans));
        }
        return out.put("obligation", Json.array(obligations(json, terms))).build();
    }

    private static List<String> empty(Json.Obj contract, Json.Obj license, Json.Obj terms) {
        List<String> empty = new ArrayList<>();
        for (String member : List.of("forbiddenUses", "regionRestrictions")) {
            license.get(member).filter(Odrl::isEmpty).ifPresent(ignored -> empty.add(member));
        }
        if (contract.get("terms").isPresent() && terms.members().isEmpty()) {
            empty.add("terms");
        }
        terms.get("purposes").filter(Odrl::isEmpty).ifPresent(ignored -> empty.add("purposes"));
        return empty;
    }

    private static boolean isEmpty(Json value) {
        return value instanceof Json.Arr array && array.items().isEmpty();
    }

    private static List<Json.Obj> permissions(Json.Obj license, Json.Obj terms) {
        List<Json.Obj> constraints = new ArrayList<>();
        constraints.add(
                constraint("elapsedTime", "lteq", license.get("duration").orElseThrow()));
        license.get("regionRestrictions")
                .filter(places -> !isEmpty(places))
                .ifPresent(places -> constraints.add(constraint("spatial", "isAnyOf", places)));
        license.get("minimumGrade").ifPresent(grade -> constraints.add(constraint("tally:minimumGrade", "eq", grade)));
        terms.get("purposes")
                .filter(purposes -> !isEmpty(purposes))
                .ifPresent(purposes -> constraints.add(constraint("purpose", "isAnyOf", purposes)));
        List<Json.Obj> permissions = new ArrayList<>();
        for (String use : Fields.of(license, "license").strings("permittedUses")) {
            permissions.add(Json.object()
                    .put("action", "tally:" + use)
                    .put("constraint", Json.array(constraints))
                    .build());
        }
        return permissions;
    }

    private static List<Json.Obj> obligations(Json.Obj contract, Json.Obj terms) {
        List<Json.Obj> duties = new ArrayList<>();
        duties.add(Json.object()
                .put("action", "compensate")
                .put(
                        "constraint",
                        Json.array(List.of(constraint(
                                "tally:" + PRICING,
                                "eq",
                                literal(contract.get(PRICING).orElseThrow())))))
                .build());
        for (Map.Entry<String, Json> term : terms.members().entrySet()) {
            if (term.getKey().equals("purposes")) {
                continue;
            }
            List<Json.Obj> constraints = new ArrayList<>();
            Fields.of(term.getValue(), "terms")
                    .object()
                    .members()
                    .forEach((member, value) -> constraints.add(value(member, value)));
            String action = Optional.ofNullable(NATIVE.get(term.getKey())).orElse("tally:" + term.getKey());
            Json.Builder duty = Json.object().put("action", action);
            if (!constraints.isEmpty()) {
                duty.put("constraint", Json.array(constraints));
            }
            duties.add(duty.build());
        }
        return duties;
    }

    /** Lists of names are lists in ODRL; objects and lists of them are JSON literals. */
    private static Json.Obj value(String member, Json value) {
        boolean names = value instanceof Json.Arr array
                && !array.items().isEmpty()
                && array.items().stream().allMatch(item -> item instanceof Json.Str);
        return constraint("tally:" + member, names ? "isAllOf" : "eq", names ? value : literal(value));
    }

    private static Json literal(Json value) {
        return value instanceof Json.Obj || value instanceof Json.Arr || value instanceof Json.Num
                ? Json.object().put("@value", value).put("@type", "@json").build()
                : value;
    }

    private static Json.Obj constraint(String left, String operator, Json right) {
        return Json.object()
                .put("leftOperand", left)
                .put("operator", operator)
                .put("rightOperand", right)
                .build();
    }

    /**
     * The policy with all freedom of spelling taken out; equal for equivalent spellings.
     *
     * @throws MalformedException {@code odrl/…} for what is not ODRL 2.2 or not understood here
     */
    public static OdrlPolicy normal(Json.Obj policy) {
        return OdrlReader.of(policy).normal();
    }

    /**
     * The contract a policy says, not signed; byte for byte the one that {@link #write} was given.
     *
     * @throws MalformedException {@code odrl/…} for what cannot be understood, {@code contract/…} where it makes no sound
     *     contract
     */
    public static ContractDocument document(Json.Obj policy) {
        return OdrlImport.document(OdrlReader.of(policy));
    }

    /**
     * The same contract as values.
     *
     * @throws MalformedException as {@link #document}
     */
    public static ContractDraft read(Json.Obj policy) {
        return ContractDraft.of(document(policy));
    }

    /** Two policies mean the same. */
    public static boolean same(Json.Obj one, Json.Obj other) {
        return normal(one).equals(normal(other));
    }

    /** The one spelling of a policy we write ourselves, as text. */
    public static String text(ContractDocument document) {
        return Jcs.text(write(document));
    }
}
