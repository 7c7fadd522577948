package org.tallystick.protocol.terms;

import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Which text the parties have read: hashes of the printed contract that stand among the signed members (member
 * {@code text}).
 *
 * @param library the version of the clause library that made the text from the terms
 * @param markdown SHA-256 of the text as Markdown
 * @param html SHA-256 of the text as HTML
 */
public record ContractText(String library, Hash markdown, Hash html) {
    public ContractText {
        Identifiers.check(library, "contract/text", "text.library");
        Objects.requireNonNull(markdown);
        Objects.requireNonNull(html);
    }

    static ContractText read(Fields fields) {
        ContractText text = new ContractText(fields.text("library"), hash(fields, "markdown"), hash(fields, "html"));
        fields.noOthers();
        return text;
    }

    Json.Obj json() {
        return Json.object()
                .put("library", library)
                .put("markdown", markdown.hex())
                .put("html", html.hex())
                .build();
    }

    private static Hash hash(Fields fields, String member) {
        String text = fields.text(member);
        try {
            return Hash.ofHex(text);
        } catch (MalformedException e) {
            throw new MalformedException(
                    "contract/text",
                    fields.path(member) + " " + Fields.shown(text) + " is not 64 lower-case hexadecimal digits");
        }
    }
}
