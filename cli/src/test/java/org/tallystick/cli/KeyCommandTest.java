package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.platform.app.Config;
import org.tallystick.platform.app.Platform;

/** {@code tallystick party|key|security} against a real platform: from nobody to a party that loses and changes its keys. */
class KeyCommandTest {
    @TempDir
    static Path scratch;

    private static Platform platform;
    private static URI uri;

    private record Said(ExitCode code, String out, String err) {}

    @BeforeAll
    static void open() {
        Config config = Config.from(Map.of("data", file("data"), "port", "0"), Map.of(), Optional.empty());
        platform = Platform.open(config, InstantSource.system());
        uri = platform.serve(config);
    }

    @AfterAll
    static void close() {
        platform.close();
    }

    private static String file(String name) {
        return scratch.resolve(name).toString();
    }

    private static Said run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--platform", uri.toString()));
        CapturedTerminal captured = new CapturedTerminal();
        ExitCode code = new Main(Commands.all(), captured.terminal()).run(all);
        return new Said(code, String.join("\n", captured.out()), String.join("\n", captured.err()));
    }

    private static String operator() {
        return scratch.resolve("data").resolve("operator.key").toString();
    }

    private static void enter(String id, String pem) throws IOException {
        Said proof = run("party", "proof", "--id", id, "--role", "buyer", "--name", "A Lab", "--sign-key", file(pem));
        assertThat(proof.code()).as(proof.err()).isEqualTo(ExitCode.OK);
        Files.writeString(scratch.resolve(id + ".json"), proof.out());
        Said registered = run("party", "register", file(id + ".json"), "--key-file", operator());
        assertThat(registered.code()).as(registered.err()).isEqualTo(ExitCode.OK);
        assertThat(registered.out()).contains(id + " is registered as buyer with the key did:key:z6Mk");
    }

    @Test
    void fromNobodyToAPartyThatLosesItsKeysAndGetsOthers() throws IOException {
        enter("buyer-7", "my.pem");
        Said made = run(
                "key",
                "new",
                "--party",
                "buyer-7",
                "--sign-key",
                file("my.pem"),
                "--out",
                file("a.key"),
                "--name",
                "laptop");
        assertThat(made.code()).as(made.err()).isEqualTo(ExitCode.OK);
        String key = Files.readString(scratch.resolve("a.key")).strip();
        assertThat(key).startsWith("tsk_");
        assertThat(made.out() + made.err()).doesNotContain(key);

        Said listed = run("key", "list", "--party", "buyer-7", "--sign-key", file("my.pem"));
        assertThat(listed.out()).contains(key.substring(4, 20), "laptop", "its party", "never");
        assertThat(run("key", "list", "--party", "buyer-7", "--key-file", operator())
                        .out())
                .isEqualTo(listed.out());

        Said revoked = run("key", "revoke", key.substring(4, 20), "--party", "buyer-7", "--sign-key", file("my.pem"));
        assertThat(revoked.code()).as(revoked.err()).isEqualTo(ExitCode.OK);
        Said refused = run("key", "list", "--party", "buyer-7", "--key-file", file("a.key"));
        assertThat(refused.code()).isEqualTo(ExitCode.WRONG);
        assertThat(refused.err()).contains("this API key was revoked", "tallystick key new");

        Said changed = run(
                "key",
                "change",
                "--party",
                "buyer-7",
                "--sign-key",
                file("my.pem"),
                "--new-sign-key",
                file("next.pem"),
                "--out",
                file("b.key"));
        assertThat(changed.code()).as(changed.err()).isEqualTo(ExitCode.OK);
        Said old = run("key", "new", "--party", "buyer-7", "--sign-key", file("my.pem"), "--out", file("c.key"));
        assertThat(old.code()).isEqualTo(ExitCode.WRONG);
        assertThat(old.err()).contains("not signed by the key that buyer-7 is registered with");
        assertThat(run("key", "list", "--json", "--party", "buyer-7", "--key-file", file("b.key"))
                        .out())
                .contains("\"own\":true");

        Said events = run("security", "--key-file", operator(), "--party", "buyer-7");
        assertThat(events.out())
                .contains("party-registered", "key-made", "key-revoked", "ended-key", "signing-key-changed")
                .doesNotContain(key);
    }

    @Test
    void anOperatorIssuesKeysForWhoSignsNothingOnly() throws IOException {
        enter("buyer-8", "eight.pem");
        Said refused = run("key", "issue", "--party", "buyer-8", "--key-file", operator(), "--out", file("stolen.key"));
        assertThat(refused.code()).isEqualTo(ExitCode.WRONG);
        assertThat(refused.err()).contains("signs for itself", "tallystick key new --party buyer-8");
        assertThat(scratch.resolve("stolen.key")).doesNotExist();
        Said issued = run("key", "issue", "--party", "operator", "--key-file", operator(), "--out", file("second.key"));
        assertThat(issued.code()).as(issued.err()).isEqualTo(ExitCode.OK);
        assertThat(run("security", "--key-file", file("second.key"), "--json").out())
                .contains("\"kind\":\"key-made\"");
    }

    @Test
    void whatCannotBeIsSaidInASentence() throws IOException {
        Files.writeString(scratch.resolve("nothing.json"), "{}");
        assertThat(run("party", "register", file("nothing.json"), "--key-file", operator()))
                .returns(ExitCode.USAGE, Said::code)
                .extracting(Said::err)
                .asString()
                .contains("is not what party proof makes");
        assertThat(run("party", "proof", "--id", "x", "--role", "king", "--name", "X", "--sign-key", file("x.pem"))
                        .err())
                .contains("--role is one of creator, curator, buyer, auditor, operator");
        assertThat(scratch.resolve("x.pem")).as("no key is made for nothing").doesNotExist();
        assertThat(run("key", "new", "--party", "x", "--sign-key", file("none.pem"), "--out", file("x.key"))
                        .err())
                .contains("a key cannot be read or written", "none.pem");
        assertThat(run("key", "revoke", "--party", "x", "--key-file", operator())
                        .err())
                .contains("revoke needs the id of the key");
        assertThat(run("key", "burn", "--party", "x").err()).contains("there is no key burn");
    }
}
