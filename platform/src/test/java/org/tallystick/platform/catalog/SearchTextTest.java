package org.tallystick.platform.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.ingest.Manifests;
import org.tallystick.platform.ingest.TestRooms;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;

/** What people write finds what people wrote, in every script; the test database's locale is C, which knows ASCII only. */
class SearchTextTest {
    private static final TestRooms ROOMS = TestRooms.open();

    /** id | title | description */
    private static final String DATASETS = """
            jdk     | Modules: java.base, java.sql        | path/to/file and src\\main\\Tool.java
            photos  | photo-2024.jpg                      | holiday_pictures.zip of the Straße in Köln
            band    | The The                             | Who are you? To be or not to be.
            tolstoy | Война и мир                         | ЧИТАЛЬНЯ имени Толстого
            homer   | ΟΔΥΣΣΕΥΣ                            | Ἄνδρα μοι ἔννεπε
            tokyo   | 東京都の図書館                         | データベースとカタカナ 2024年版
            seoul   | 한국어말뭉치                           | 서울에서 모은 신문
            bangkok | ภาษาไทยง่ายมาก                      | ข่าว
            cafe    | Café crème                          | ﬁnal ＦＵＬＬ ｗｉｄｔｈ
            arabic  | كتب عربية                           | डेटा संग्रह हिन्दी
            """;

    @BeforeAll
    static void publish() {
        Principal ada = ROOMS.register("ada", Role.CREATOR);
        ROOMS.register("cai", Role.CURATOR);
        for (String line : DATASETS.strip().split("\n")) {
            String[] cells = line.split("\\|");
            ROOMS.catalog()
                    .publish(new PublishVersion(
                            new DatasetId(cells[0].strip()),
                            new PartyId("cai"),
                            cells[1].strip(),
                            cells[2].strip(),
                            List.of(Manifests.upload(ROOMS, ada, "in " + cells[0]))))
                    .orThrow();
        }
    }

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private static String found(String text) {
        return String.join(
                " ",
                ROOMS.catalog().search(DatasetQuery.all().withText(text)).items().stream()
                        .map(d -> d.newest().dataset().value())
                        .toList());
    }

    /** What is asked and what is found; {@code ''} for nothing. */
    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            java.base        | jdk
            base             | jdk
            JAVA             | jdk
            java.sql         | jdk
            base.java        | jdk
            sql.base         | ``
            photo-2024.jpg   | photos
            photo            | photos
            2024.jpg         | photos
            jpg              | photos
            PHOTO_2024.JPG   | photos
            path/to/file     | jdk
            path             | jdk
            to/file          | jdk
            file/to          | ``
            main tool        | jdk
            holiday pictures | photos
            STRASSE          | photos
            straße           | photos
            KÖLN             | photos
            the the          | band photos
            "the the"        | band
            the              | band photos
            "to be or not to be" | band
            who              | band
            война            | tolstoy
            ВОЙНА            | tolstoy
            МиР              | tolstoy
            читальня         | tolstoy
            οδυσσευς         | homer
            Οδυσσεύς         | ``
            ΟΔΥΣΣΕΥσ         | homer
            ἄΝΔΡΑ            | homer
            東京              | tokyo
            京都              | tokyo
            図書館            | tokyo
            館                | tokyo
            館図              | ``
            ベース             | tokyo
            ﾃﾞｰﾀ              | tokyo
            2024年            | tokyo
            年版              | tokyo
            국어              | seoul
            말뭉치            | seoul
            서울              | seoul
            ไทย               | bangkok
            CAFÉ             | cafe
            crème            | cafe
            final            | cafe
            full width       | cafe
            عربية            | arabic
            हिन्दी              | arabic
            東京 -図書館       | ``
            東京 or война      | tokyo tolstoy
            """)
    void whatIsWrittenIsFound(String asked, String ids) {
        assertThat(found(asked)).isEqualTo(ids);
        assertThat(found(Normalizer.normalize(asked, Normalizer.Form.NFD)))
                .as("decomposed")
                .isEqualTo(ids);
    }

    @Test
    void datasetsOfAnEarlierVersionGetTheirWordsOnce() {
        ROOMS.database().write(tx -> tx.execute("update catalog.dataset set words = null"));
        assertThat(found("война")).isEmpty();
        assertThat(Catalog.indexWords(ROOMS.database())).isEqualTo(10);
        assertThat(found("война")).isEqualTo("tolstoy");
        assertThat(Catalog.indexWords(ROOMS.database())).isZero();
    }

    @Test
    void anyTextCanBeAskedFor() {
        for (String text :
                List.of("'", "\\", "'\\'", "\"", "-", "- -", "or", "or or", "a or", "!:*()&|<->", "-\"", "💥")) {
            assertThat(found(text)).as(text).isEmpty();
        }
    }
}
