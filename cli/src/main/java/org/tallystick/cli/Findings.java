package org.tallystick.cli;

import java.util.List;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.audit.Finding;
import org.tallystick.protocol.codec.Json;

/** Says what a check of everything has found, for people or for programs. */
final class Findings {
    private Findings() {}

    /** @param sound the last line where nothing differs */
    static ExitCode say(List<Finding> findings, boolean json, String sound, Terminal terminal) {
        boolean whole =
                findings.stream().allMatch(finding -> finding.differences().isEmpty());
        if (json) {
            terminal.line(json(whole, findings).toString());
        } else {
            findings.forEach(finding -> say(terminal, finding));
            terminal.line(whole ? sound : "Something differs.");
        }
        return whole ? ExitCode.OK : ExitCode.WRONG;
    }

    private static void say(Terminal terminal, Finding finding) {
        terminal.line(
                (finding.differences().isEmpty() ? "ok     " : "WRONG  ") + finding.area() + ": " + finding.checked());
        finding.differences().forEach(difference -> terminal.line("         " + difference));
        finding.notes().forEach(note -> terminal.line("         note: " + note));
    }

    private static Json.Obj json(boolean sound, List<Finding> findings) {
        return Json.object()
                .put("sound", sound)
                .put(
                        "areas",
                        Json.array(findings.stream()
                                .map(finding -> Json.object()
                                        .put("area", finding.area())
                                        .put("checked", finding.checked())
                                        .put("differences", Json.strings(finding.differences()))
                                        .put("notes", Json.strings(finding.notes()))
                                        .build())
                                .toList()))
                .build();
    }
}
