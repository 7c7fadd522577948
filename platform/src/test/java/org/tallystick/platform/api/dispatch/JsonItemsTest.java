package org.tallystick.platform.api.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/** Read item by item, a text is what it is when it is read at once, and is refused where that is refused. */
class JsonItemsTest {
    private static Json.Obj read(String text, List<Json> items) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JsonItems(new ByteArrayInputStream(bytes), 1_000).read("list", items::add);
    }

    @Test
    void itemsAreHandedOverAndTheRestIsTheObject() throws IOException {
        List<Json> items = new ArrayList<>();
        Json.Obj rest = read("""
             { "a" : "x,]}\\"" , "list":[ 1 ,"]}\\\\", {"list":[2]},[ ],null,true ] , "b":{"c":[1,2]}, "d":-1.5e3 }
            """, items);
        assertThat(items.toString()).isEqualTo("[1, \"]}\\\\\", {\"list\":[2]}, [], null, true]");
        assertThat(rest.toString()).isEqualTo("{\"a\":\"x,]}\\\"\",\"b\":{\"c\":[1,2]},\"d\":-1500,\"list\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | json/not-an-object",
                "` ` | json/not-an-object",
                "{ | json/syntax",
                "{\"list\" | json/syntax",
                "{\"list\":[ | json/truncated",
                "{\"list\":[1 | json/truncated",
                "{\"list\":[1] | json/truncated",
                "{\"list\":[1;2]} | json/trailing",
                "{\"list\":[1,]} | json/syntax",
                "{\"list\":[1 2]} | json/syntax",
                "{\"list\":[],\"list\":[]} | json/duplicate-member",
                "{\"a\":1,\"a\":2} | json/duplicate-member",
                "{\"a\":1}x | json/trailing",
                "{\"a\":1,} | json/syntax",
                "{a:1} | json/syntax",
                "{\"list\":[01]} | json/trailing",
                "{\"list\":[\"\\x\"]} | json/syntax"
            })
    void whatIsMalformedIsRefusedByName(String text, String reason) {
        assertThatThrownBy(() -> read(text, new ArrayList<>()))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).as(e.detail()).isEqualTo(reason));
    }

    @Test
    void anItemIsOfBoundedLengthAndOfBoundedValues() {
        String wide = "{\"list\":[\"" + "x".repeat(70_000) + "\"]}";
        assertThatThrownBy(() -> read(wide, new ArrayList<>())).hasMessageContaining("65536 bytes");
        String many = "{\"list\":[[" + "1,".repeat(2_000) + "1]]}";
        assertThatThrownBy(() -> read(many, new ArrayList<>()))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("json/too-many-values"));
    }

    @Test
    void randomTextsAreWhatTheyAreAtOnce() throws IOException {
        SplittableRandom random = new SplittableRandom(51);
        for (int i = 0; i < 500; i++) {
            List<Json> wanted = new ArrayList<>();
            int count = random.nextInt(6);
            for (int item = 0; item < count; item++) {
                wanted.add(value(random, 3));
            }
            Json.Obj whole = Json.object()
                    .put("list", Json.array(wanted))
                    .put("x", value(random, 3))
                    .build();
            List<Json> items = new ArrayList<>();
            Json.Obj rest = read(Jcs.text(whole), items);
            assertThat(items).isEqualTo(wanted);
            assertThat(rest.with("list", Json.array(items))).isEqualTo(whole);
        }
    }

    private static Json value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 5)) {
            case 0 -> Json.of(random.nextInt());
            case 1 -> Json.of("a\"\\{}[],: \n" + random.nextInt() + "é");
            case 2 -> Json.of(random.nextBoolean());
            case 3 -> Json.array(List.of(value(random, depth - 1), value(random, depth - 1)));
            default -> Json.object().put("k\"]", value(random, depth - 1)).build();
        };
    }
}
