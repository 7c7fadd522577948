package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.RandomContracts;

/** The published JSON Schema and context, read by a validator of others: they say what the parser says. */
final class ContractSchemaTest {
    private static final byte[] SCHEMA_TEXT = resource("contract.schema.json");
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(new String(SCHEMA_TEXT, StandardCharsets.UTF_8), InputFormat.JSON);

    @Test
    void whatTheParserTakesTheSchemaTakes() {
        assertThat(objections(FullContract.json())).isEmpty();
        Seeds.check(500, random -> {
            Json.Obj contract = RandomContracts.draft(random).json();
            assertThat(objections(contract)).as(contract.toString()).isEmpty();
        });
    }

    @Test
    void noChangeTheParserTakesIsRefusedByTheSchema() {
        Seeds.check(1_500, random -> {
            Json changed = Changed.anywhere(FullContract.json(), random);
            if (changed instanceof Json.Obj object
                    && parses(object)
                    && !object.toString().contains("null")) {
                assertThat(objections(object)).as(object.toString()).isEmpty();
            }
        });
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        @type                                | "Contract"
        contractId                           | "a/b"
        surprise                             | 1
        license.permittedUses                | []
        license.permittedUses                | ["world-domination"]
        license.duration                     | "1Y"
        pricing                              | {"model": "micropay", "unit": "sample"}
        pricing                              | {"model": "micropay", "unit": "token", "pricePerUnitUsd": 1}
        pricing                              | {"model": "micropay", "unit": "sample", "pricePerSampleUsd": 1}
        pricing.charges[0]                   | {"charge": "samples", "pricePerThousandTokensUsd": 0.02}
        pricing.charges[0].tier              | "preview"
        pricing.charges[2].attributionThreshold | 1.1
        pricing.exclusivePremium             | 0.5
        platformFeeShare                     | 1
        payout.split[0].share                | 0
        terms.audit.perYear                  | 13
        terms.exclusivity.window             | -
        terms.surprise                       | {}
        text                                 | {"library": "l"}
        """)
    void whatTheParserRefusesForItsFormTheSchemaRefuses(String path, String value) {
        Json.Obj changed = Changed.at(FullContract.json(), path, value);
        assertThat(parses(changed)).isFalse();
        assertThat(objections(changed)).isNotEmpty();
    }

    @Test
    void theContextNamesEveryMember() {
        Json context = Fields.of(Json.parseObject(resource("contract.context.jsonld")), "context")
                .required("@context");
        TreeSet<String> members = new TreeSet<>();
        members(Json.parseObject(SCHEMA_TEXT), members);
        assertThat(((Json.Obj) context).members().keySet()).containsAll(members);
    }

    private static void members(Json schema, Set<String> names) {
        switch (schema) {
            case Json.Obj object ->
                object.members().forEach((key, value) -> {
                    if (key.equals("properties") && value instanceof Json.Obj properties) {
                        properties.members().keySet().stream()
                                .filter(name -> !name.startsWith("@"))
                                .forEach(names::add);
                    }
                    members(value, names);
                });
            case Json.Arr array -> array.items().forEach(item -> members(item, names));
            default -> assertThat(schema).isNotNull();
        }
    }

    private static boolean parses(Json.Obj contract) {
        try {
            ContractDocument.parse(contract);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    private static List<String> objections(Json.Obj contract) {
        return SCHEMA.validate(contract.toString(), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static byte[] resource(String name) {
        try (InputStream in = ContractDocument.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
