package org.tallystick.platform.settlement;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.platform.metering.Market;

/** The closes of {@code closes.txt}, each on a platform of its own. */
class CloseTableTest {
    @TempDir
    Path dir;

    static Stream<Named<String>> closes() throws IOException {
        try (InputStream in = Objects.requireNonNull(CloseTableTest.class.getResourceAsStream("/closes.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<Named<String>> cases = new ArrayList<>();
            for (String part : text.split("(?m)^== ")) {
                int end = part.indexOf('\n');
                if (!part.isBlank() && !part.startsWith("#")) {
                    cases.add(Named.of(part.substring(0, end), part.substring(end)));
                }
            }
            return cases.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("closes")
    void comesToWhatTheTableSays(String script) {
        try (Market market = new Market(dir, 4)) {
            new CloseScript(market).run(script);
        }
    }
}
