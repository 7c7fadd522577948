package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tallystick.edge.refusal.RefusalReason;

/** The edge describes itself: its document names every path it answers and every refusal under its status. */
class ApiDocumentTest extends EdgeOfOneWork {
    private static final Pattern RESPONSE = Pattern.compile("(?m)^ {8}'(\\d{3}|4XX)':$");

    private String document() throws IOException {
        fixture.start();
        RawHttp.Response answer = fixture.call(RawHttp.get("/openapi.yaml", ""));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void everyRefusalStandsUnderItsStatus() throws IOException {
        String document = document();
        Map<Integer, List<RefusalReason>> byStatus =
                Arrays.stream(RefusalReason.values()).collect(Collectors.groupingBy(RefusalReason::status));
        byStatus.forEach((status, reasons) -> {
            String described = described(document, status);
            for (RefusalReason reason : reasons) {
                assertThat(described).as("status " + status).contains("`" + reason.type() + "`");
            }
        });
        Matcher slugs = Pattern.compile("`([a-z-]+/[a-z-]+)`").matcher(document);
        List<String> known =
                Arrays.stream(RefusalReason.values()).map(RefusalReason::type).toList();
        assertThat(slugs.results().map(found -> found.group(1)).distinct()).isSubsetOf(known);
    }

    /** All that the document says beneath responses of a status. */
    private static String described(String document, int status) {
        StringBuilder all = new StringBuilder();
        Matcher response = RESPONSE.matcher(document);
        while (response.find()) {
            if (response.group(1).equals(Integer.toString(status))) {
                int end = document.indexOf("\n        '", response.end());
                all.append(document, response.end(), end < 0 ? document.length() : end);
            }
        }
        return all.toString();
    }

    @Test
    void everyPathOfTheDocumentIsAnswered() throws IOException {
        String document = document();
        String work = request.split(" ", 3)[1].split(" ", 2)[0];
        List<String> paths = Pattern.compile("(?m)^  (/\\S*):$")
                .matcher(document)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(paths).hasSize(6);
        for (String path : paths) {
            String written = path.replace("/works/{content}", work).replace("{epoch}", "1");
            String text = written.equals(work) ? request : RawHttp.get(written, "");
            assertThat(fixture.call(text).status()).as(path).isEqualTo(200);
        }
    }
}
