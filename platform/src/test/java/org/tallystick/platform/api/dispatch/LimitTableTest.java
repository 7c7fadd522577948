package org.tallystick.platform.api.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.api.handlers.ApiDocument;

/** The page on limits shows the numbers of the code; {@code -Dtallystick.update=true} writes them there. */
class LimitTableTest {
    private static final String BEGIN = "<!-- limits: drawn by LimitTableTest -->\n";
    private static final String END = "<!-- end of limits -->\n";

    private static String drawn() {
        StringBuilder text = new StringBuilder("""

            | limit | number | for each | what | refused with | ask again after |
            |---|--:|---|---|---|--:|
            """);
        for (Limit limit : Limit.values()) {
            text.append(limit.row()).append('\n');
        }
        text.append("""

            Most bytes of a body (`http/body-too-large`, 413):

            | bytes | operations |
            |--:|---|
            """);
        new TreeSet<>(Policy.endpoints().values().stream()
                        .map(endpoint -> endpoint.body().limit())
                        .filter(bytes -> bytes > 0)
                        .toList())
                .forEach(bytes -> text.append("| %,d | %s |%n"
                        .formatted(
                                bytes,
                                String.join(
                                        ", ",
                                        Policy.endpoints().values().stream()
                                                .filter(endpoint ->
                                                        endpoint.body().limit() == bytes)
                                                .map(Endpoint::operation)
                                                .toList()))));
        return text.append("\nOperations that share `heavy_places`: ")
                .append(String.join(", ", new TreeSet<>(Policy.HEAVY)))
                .append(". As many places again are shared by those about contracts: ")
                .append(String.join(", ", new TreeSet<>(Policy.CONTRACTING)))
                .append(".\n")
                .toString();
    }

    @Test
    void thePageShowsTheNumbersOfTheCode() throws IOException {
        Path page = Path.of(System.getProperty("tallystick.root", ".."), "docs/limits.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (Boolean.getBoolean("tallystick.update")) {
            Files.writeString(page, text.substring(0, begin) + drawn() + text.substring(end));
        } else {
            assertThat(text.substring(begin, end)).isEqualTo(drawn());
        }
    }

    @Test
    void everyLaneIsOfOperationsThatThereAre() {
        assertThat(Policy.endpoints().keySet())
                .containsAll(Policy.HEAVY)
                .containsAll(Policy.CONTRACTING)
                .containsAll(Policy.FLOWING);
    }

    @Test
    void theDocumentNamesEveryRefusalOfTheTable() {
        String document = new String(ApiDocument.joined(), StandardCharsets.UTF_8);
        for (Limit limit : Limit.values()) {
            if (limit.status() > 0) {
                assertThat(document)
                        .as(limit.name().toLowerCase(Locale.ROOT))
                        .contains("`" + limit.type() + "`")
                        .contains(Integer.toString(limit.status()));
            }
        }
    }
}
