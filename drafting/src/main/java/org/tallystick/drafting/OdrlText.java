package org.tallystick.drafting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The ways JSON-LD has to write a name, a reference, a list and a value, each read whole: a member beside those that are
 * understood is refused, because it may change what the others mean.
 */
final class OdrlText {
    private static final String ODRL = "http://www.w3.org/ns/odrl/2/";
    private static final String XSD = "http://www.w3.org/2001/XMLSchema#";
    private static final Set<String> CONTEXTS =
            Set.of("http://www.w3.org/ns/odrl.jsonld", "https://www.w3.org/ns/odrl.jsonld");
    private static final Map<String, String> PREFIXES = Map.of(
            "odrl", ODRL, "tally", Odrl.NAMESPACE, "xsd", XSD, "rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#");
    private static final Set<String> NODES = Set.of("Asset", "AssetCollection", "Party", "PartyCollection");
    private static final Set<String> VALUES = Set.of("xsd:string", "xsd:duration", "xsd:boolean");
    private static final String JSON = "@json";

    private OdrlText() {}

    /** A context that gives a word another meaning than ODRL and our profile do is refused. */
    static void context(Json context) {
        for (Json item : context instanceof Json.Arr array ? array.items() : List.of(context)) {
            boolean known = switch (item) {
                case Json.Str text -> CONTEXTS.contains(text.value());
                case Json.Obj object ->
                    object.members().entrySet().stream()
                            .allMatch(member -> PREFIXES.containsKey(member.getKey())
                                    && member.getValue().equals(Json.of(PREFIXES.get(member.getKey()))));
                default -> false;
            };
            if (!known) {
                throw new MalformedException(
                        "odrl/context",
                        "the context " + Fields.shown(item.toString()) + " may give words another meaning");
            }
        }
    }

    /** The members of an object by their names without prefixes; the same member spelled twice is refused. */
    static Map<String, Json> members(Json value, String where) {
        Map<String, Json> members = new LinkedHashMap<>();
        Fields.of(value, where).object().members().forEach((written, content) -> {
            if (members.put(name(written), content) != null) {
                throw new MalformedException("odrl/member-twice", where + "." + name(written) + " is written twice");
            }
        });
        return members;
    }

    static MalformedException unknown(String where, String member) {
        return new MalformedException("odrl/member-unknown", where + "." + shown(member) + " is not understood");
    }

    /** A name without the ways to write its namespace; ours keep {@code tally:}. */
    static String name(String written) {
        if (written.startsWith("odrl:")) {
            return written.substring("odrl:".length());
        }
        if (written.startsWith(ODRL)) {
            return written.substring(ODRL.length());
        }
        if (written.startsWith(Odrl.NAMESPACE)) {
            return "tally:" + written.substring(Odrl.NAMESPACE.length());
        }
        return written.startsWith(XSD) ? "xsd:" + written.substring(XSD.length()) : written;
    }

    /** The items of a list, however it is written, or the value itself. */
    static List<Json> list(Json value) {
        Json inner = value;
        if (value instanceof Json.Obj object && object.get("@list").isPresent()) {
            if (object.members().size() > 1) {
                throw new MalformedException("odrl/reference", "there is more than @list in a list");
            }
            inner = object.get("@list").orElseThrow();
        }
        return inner instanceof Json.Arr array ? array.items() : List.of(inner);
    }

    /** A name or an IRI, as text or as a node that has nothing but its id and a type. */
    static String reference(Json value) {
        Json single = value instanceof Json.Arr array && array.items().size() == 1
                ? array.items().getFirst()
                : value;
        if (single instanceof Json.Str text) {
            return text.value();
        }
        if (single instanceof Json.Obj object) {
            return node(object);
        }
        throw new MalformedException("odrl/reference", "a name or an IRI is expected, not " + shown(value.toString()));
    }

    private static String node(Json.Obj object) {
        String found = "";
        for (var member : members(object, "node").entrySet()) {
            switch (member.getKey()) {
                case "@id", "uid", "id" -> found = same(found, member.getValue());
                case "@type", "type" -> {
                    if (!(member.getValue() instanceof Json.Str type) || !NODES.contains(name(type.value()))) {
                        throw new MalformedException(
                                "odrl/type",
                                shown(member.getValue().toString()) + " is no kind of asset or party known here");
                    }
                }
                case "refinement" -> throw refinement();
                default -> throw unknown("node", member.getKey());
            }
        }
        if (found.isEmpty()) {
            throw new MalformedException("odrl/reference", "a node has no id");
        }
        return found;
    }

    static MalformedException refinement() {
        return new MalformedException("odrl/refinement", "a refinement is not part of the profile understood here");
    }

    private static String same(String before, Json value) {
        if (value instanceof Json.Str text
                && !text.value().isEmpty()
                && (before.isEmpty() || before.equals(text.value()))) {
            return text.value();
        }
        throw new MalformedException("odrl/reference", "a node has one id, which is text");
    }

    /** The type of a value, which must be one of those whose texts are values here as they stand. */
    static void valueType(Json type) {
        if (!VALUES.contains(name(reference(type)))) {
            throw new MalformedException("odrl/value-type", shown(type.toString()) + " is no type of value known here");
        }
    }

    /** A value as it is written: its words are kept, only what wraps it is taken off. */
    static Json value(Json written) {
        if (!(written instanceof Json.Obj object)) {
            if (written instanceof Json.Null || written instanceof Json.Arr) {
                throw new MalformedException("odrl/value", "a value is a text, a number or true or false");
            }
            return written;
        }
        if (object.get("@value").isEmpty()) {
            return Json.of(reference(object));
        }
        for (String member : object.members().keySet()) {
            if (!member.equals("@value") && !member.equals("@type")) {
                throw unknown("value", member);
            }
        }
        Json inner = object.get("@value").orElseThrow();
        if (object.get("@type").filter(Json.of(JSON)::equals).isPresent()) {
            return inner;
        }
        object.get("@type").ifPresent(OdrlText::valueType);
        if (inner instanceof Json.Obj) {
            throw new MalformedException("odrl/value", "a value that is an object has the type @json");
        }
        return value(inner);
    }

    private static String shown(String text) {
        return Fields.shown(text);
    }
}
