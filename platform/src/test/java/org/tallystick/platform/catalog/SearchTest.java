package org.tallystick.platform.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.ingest.Manifests;
import org.tallystick.platform.ingest.TestRooms;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;

/** The marketplace, over a handful of datasets everybody can hold in the head. */
class SearchTest {
    private static final TestRooms ROOMS = TestRooms.open();
    private static final Catalog CATALOG = ROOMS.catalog();

    /** id | curator | title | description | works as creator:licence:media type */
    private static final String DATASETS = """
            news-2024 | cai | Daily news of 2024   | Articles, edited and dated         | ada:urn:a:text/html bea:urn:b:text/html
            violin    | cai | Violin recordings    | Chamber music recorded in churches | bea:urn:b:audio/flac
            recipes   | dan | Recipes and cooking  | Cooked, tested, photographed       | ada:urn:a:text/plain ada:urn:a:image/png
            code      | dan | Java source code     | Modules of a library               | ada:urn:c:text/x-java
            wood      | cai | Running a carpentry  | How chairs are made. Not for news. | cyd:urn:a:text/plain
            """;

    @BeforeAll
    static void publish() {
        for (String name : List.of("cai", "dan")) {
            ROOMS.register(name, Role.CURATOR);
        }
        int number = 0;
        for (String line : DATASETS.strip().split("\n")) {
            String[] cells = line.split("\\|");
            List<ContentAndCreator> works = new ArrayList<>();
            for (String work : cells[4].strip().split(" ")) {
                String[] parts = work.split(":");
                Principal creator = ROOMS.register(parts[0], Role.CREATOR);
                works.add(Manifests.upload(ROOMS, creator, "work " + number++, parts[1] + ":" + parts[2], parts[3]));
            }
            CATALOG.publish(new PublishVersion(
                            new DatasetId(cells[0].strip()),
                            new PartyId(cells[1].strip()),
                            cells[2].strip(),
                            cells[3].strip(),
                            works))
                    .orThrow();
        }
    }

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private static List<String> found(DatasetQuery query) {
        return CATALOG.search(query).items().stream()
                .map(d -> d.newest().dataset().value())
                .toList();
    }

    /** Words, licence, media type, creator, curator ('-' for none) and what is found, youngest first. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-                  | -     | -          | -   | -   | wood code recipes violin news-2024",
                "news               | -     | -          | -   | -   | wood news-2024",
                "NEWS               | -     | -          | -   | -   | wood news-2024",
                "article            | -     | -          | -   | -   | news-2024",
                "recording          | -     | -          | -   | -   | violin",
                "cook               | -     | -          | -   | -   | recipes",
                "\"chamber music\"  | -     | -          | -   | -   | violin",
                "\"music chamber\"  | -     | -          | -   | -   | ``",
                "news -chairs       | -     | -          | -   | -   | news-2024",
                "violin or java     | -     | -          | -   | -   | code violin",
                "violin java        | -     | -          | -   | -   | ``",
                "2024               | -     | -          | -   | -   | news-2024",
                "the of and         | -     | -          | -   | -   | ``",
                "nothing like this  | -     | -          | -   | -   | ``",
                "'; drop table --   | -     | -          | -   | -   | ``",
                "& ! ( ) :*         | -     | -          | -   | -   | ``",
                "-                  | urn:a | -          | -   | -   | wood recipes news-2024",
                "-                  | urn:  | -          | -   | -   | ``",
                "-                  | -     | text/html  | -   | -   | news-2024",
                "-                  | -     | image/png  | -   | -   | recipes",
                "-                  | -     | -          | ada | -   | code recipes news-2024",
                "-                  | -     | -          | bea | -   | violin news-2024",
                "-                  | -     | -          | eve | -   | ``",
                "-                  | -     | -          | -   | dan | code recipes",
                "news               | urn:a | -          | -   | -   | wood news-2024",
                "news               | urn:b | text/html  | bea | cai | news-2024",
                "news               | urn:b | text/html  | bea | dan | ``"
            })
    void aSearchFinds(String text, String license, String mediaType, String creator, String curator, String ids) {
        DatasetQuery query = new DatasetQuery(
                given(text),
                given(license),
                given(mediaType),
                given(creator).map(PartyId::new),
                given(curator).map(PartyId::new),
                Optional.empty(),
                20);
        assertThat(String.join(" ", found(query))).isEqualTo(ids);
        Facets facets = CATALOG.facets(query);
        assertThat(facets.datasets()).isEqualTo(ids.isEmpty() ? 0 : ids.split(" ").length);
        assertThat(facets.capped()).isFalse();
    }

    private static Optional<String> given(String cell) {
        return cell.equals("-") ? Optional.empty() : Optional.of(cell);
    }

    @Test
    void facetsCountEachDatasetOnceUnderEachOfItsValues() {
        Facets all = CATALOG.facets(DatasetQuery.all());
        assertThat(all.datasets()).isEqualTo(5);
        assertThat(all.licenses())
                .containsExactly(Map.entry("urn:a", 3L), Map.entry("urn:b", 2L), Map.entry("urn:c", 1L));
        assertThat(all.mediaTypes())
                .containsEntry("text/plain", 2L)
                .containsEntry("text/html", 1L)
                .hasSize(6 - 1);
        Facets ada = CATALOG.facets(
                DatasetQuery.all().withCreator(new PartyId("ada")).withLimit(1));
        assertThat(ada.datasets()).isEqualTo(3);
        assertThat(ada.licenses()).containsOnlyKeys("urn:a", "urn:b", "urn:c");
    }

    @Test
    void aSummaryShowsTheNewestVersion() {
        DatasetSummary recipes =
                CATALOG.search(DatasetQuery.all().withText("recipes")).items().getFirst();
        assertThat(recipes.licenses()).containsExactly("urn:a");
        assertThat(recipes.mediaTypes()).containsExactly("image/png", "text/plain");
        assertThat(recipes.newest().members()).isEqualTo(2);
        assertThat(CATALOG.version(recipes.newest().root())).contains(recipes.newest());
    }

    @Test
    void aCursorStaysGoodWhileDatasetsArePublished() {
        try (TestRooms rooms = TestRooms.open()) {
            Principal ada = rooms.register("ada", Role.CREATOR);
            rooms.register("cai", Role.CURATOR);
            for (int i = 0; i < 7; i++) {
                rooms.publish("d" + i, "cai", List.of(Manifests.upload(rooms, ada, "in d" + i)));
            }
            List<String> seen = new ArrayList<>();
            DatasetQuery query = DatasetQuery.all().withText("title").withLimit(2);
            for (int page = 0; ; page++) {
                Page<DatasetSummary> found = rooms.catalog().search(query);
                found.items().forEach(d -> seen.add(d.newest().dataset().value()));
                // a new dataset, and a new version of one seen and of one not yet seen
                rooms.publish("new" + page, "cai", List.of(Manifests.upload(rooms, ada, "new " + page)));
                rooms.publish("d6", "cai", List.of(Manifests.upload(rooms, ada, "d6 again " + page)));
                rooms.publish("d1", "cai", List.of(Manifests.upload(rooms, ada, "d1 again " + page)));
                if (found.next().isEmpty()) {
                    break;
                }
                query = query.withCursor(found.next().get());
            }
            assertThat(seen).containsExactly("d6", "d5", "d4", "d3", "d2", "d1", "d0");
            assertThat(rooms.catalog()
                            .search(DatasetQuery.all().withCreator(ada.id()))
                            .items())
                    .hasSize(7 + 4);
        }
    }

    @Test
    void aNewVersionReplacesWhatIsFound() {
        try (TestRooms rooms = TestRooms.open()) {
            Principal ada = rooms.register("ada", Role.CREATOR);
            Principal bea = rooms.register("bea", Role.CREATOR);
            rooms.register("cai", Role.CURATOR);
            ContentAndCreator adas = Manifests.upload(rooms, ada, "hers", "urn:a", "text/a");
            ContentAndCreator beas = Manifests.upload(rooms, bea, "hers too", "urn:b", "text/b");
            rooms.publish("d", "cai", List.of(adas));
            rooms.catalog()
                    .publish(new PublishVersion(
                            new DatasetId("d"), new PartyId("cai"), "Renamed", "Otherwise", List.of(beas)))
                    .orThrow();
            Catalog catalog = rooms.catalog();
            assertThat(catalog.search(DatasetQuery.all()).items()).hasSize(1);
            for (DatasetQuery gone : List.of(
                    DatasetQuery.all().withText("title"),
                    DatasetQuery.all().withLicense("urn:a"),
                    DatasetQuery.all().withMediaType("text/a"),
                    DatasetQuery.all().withCreator(ada.id()))) {
                assertThat(catalog.search(gone).items()).isEmpty();
            }
            for (DatasetQuery there : List.of(
                    DatasetQuery.all().withText("renamed"),
                    DatasetQuery.all().withLicense("urn:b"),
                    DatasetQuery.all().withMediaType("text/b"),
                    DatasetQuery.all().withCreator(bea.id()),
                    DatasetQuery.all().withCurator(new PartyId("cai")))) {
                assertThat(catalog.search(there).items()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "ZDE", "d1", "ZC0x", "ZDE=", "ZDEyMzQ1Njc4OTAxMjM0NTY3ODkw", "💥"})
    void onlyACursorIsACursor(String cursor) {
        if (cursor.equals("ZDE")) {
            assertThat(DatasetQuery.all().withCursor(cursor).after()).isEqualTo(1);
            return;
        }
        assertRefused("catalog/cursor", () -> DatasetQuery.all().withCursor(cursor));
    }

    @Test
    void aSearchIsBounded() {
        assertRefused("catalog/query", () -> DatasetQuery.all().withText("x".repeat(257)));
        assertRefused("catalog/query", () -> DatasetQuery.all().withText("a\0b"));
        assertRefused("catalog/query", () -> DatasetQuery.all().withText(" "));
        assertRefused("catalog/query", () -> DatasetQuery.all().withLicense("l".repeat(2_049)));
        assertRefused("catalog/query", () -> DatasetQuery.all().withMediaType(""));
        assertRefused("catalog/query", () -> DatasetQuery.all().withLimit(0));
        assertRefused("catalog/query", () -> DatasetQuery.all().withLimit(201));
        assertThat(found(DatasetQuery.all().withText("x".repeat(256)))).isEmpty();
    }

    private static void assertRefused(String reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
        assertThatThrownBy(code)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.problem().type())
                                .as(e.problem().detail().toLowerCase(Locale.ROOT))
                                .isEqualTo(reason));
    }
}
