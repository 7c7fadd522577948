package org.tallystick.drafting;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.ContractText;
import org.tallystick.protocol.terms.Finding;

/**
 * A contract as a person reads it. It is made from the terms by the clause library and from nothing else, so that what
 * a person reads and what a program enforces cannot differ. Signatures are not part of it; its hash is part of what is
 * signed.
 *
 * <p>Immutable, safe from any thread.
 */
public final class PrintedContract {
    private final String markdown;
    private final String html;

    private PrintedContract(PrintedContent paper) {
        this.markdown = MarkdownPrinter.print(paper);
        this.html = HtmlPrinter.print(paper);
    }

    /** The printed contract of a document, signed or not. */
    public static PrintedContract of(ContractDocument document) {
        return new PrintedContract(PrintedContent.of(document));
    }

    /** As CommonMark, ending in a line feed. */
    public String markdown() {
        return markdown;
    }

    /** One HTML page ready to print, without scripts and without content from other servers. */
    public String html() {
        return html;
    }

    /** The hashes that stand in the contract. */
    public ContractText text() {
        return new ContractText(Clauses.LIBRARY, hash(markdown), hash(html));
    }

    /** The draft with the hashes of its printed contract: what the parties are to sign. */
    public static ContractDraft sealed(ContractDraft draft) {
        return draft.with(of(draft.document()).text());
    }

    /**
     * Checks that the text the parties signed is the text that the terms make.
     *
     * @return findings; empty where it is, and where the document names no text
     */
    public static List<Finding> findings(ContractDocument document) {
        List<Finding> findings = new ArrayList<>();
        document.text().ifPresent(signed -> {
            ContractText made = of(document).text();
            if (!signed.library().equals(Clauses.LIBRARY)) {
                findings.add(new Finding(
                        "contract/text-library",
                        "text.library",
                        "the words were made by clause library " + signed.library() + "; known here is "
                                + Clauses.LIBRARY));
            } else {
                compare(findings, "markdown", signed.markdown(), made.markdown());
                compare(findings, "html", signed.html(), made.html());
            }
        });
        return List.copyOf(findings);
    }

    private static void compare(List<Finding> findings, String form, Hash signed, Hash made) {
        if (!signed.equals(made)) {
            findings.add(new Finding(
                    "contract/text-mismatch",
                    "text." + form,
                    "the words that were signed over are not those of these terms: the terms make " + made.hex()));
        }
    }

    private static Hash hash(String text) {
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256 of what is signed, less the hash of the words themselves. */
    static Hash terms(ContractDocument document) {
        Json.Obj bare = document.json().without("signatures").without("text");
        return Sha256.hash(Jcs.bytes(bare));
    }
}
