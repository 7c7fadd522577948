package org.tallystick.cli;

import java.util.List;
import org.tallystick.cli.shell.ExitCode;

/** The table of subcommands, in the order the help shows them. */
final class Commands {
    private Commands() {}

    static List<Command> all() {
        return List.of(
                DemoCommand.command(),
                UpCommand.command(),
                PlatformCommand.command(),
                EdgeCommand.command(),
                VerifyCommand.command(),
                ExplainCommand.command(),
                FsckCommand.command(),
                ReplayCommand.command(),
                RebuildCommand.command(),
                BackupCommand.backup(),
                BackupCommand.restore(),
                ContractCommand.command(),
                JobCommand.command(),
                launcherOwned("test", "run every test and every check of the house; test ROOM runs one room's"),
                launcherOwned("mutate", "change the code of a room and see whether its tests notice: mutate ROOM|all"),
                launcherOwned("bench", "measure beside a yardstick: bench all|edge|meter|ledger|close|replay"),
                launcherOwned("soak", "simulate, kill and fuzz the system until the time is up: soak --minutes 10"));
    }

    /** Listed for the help; the launcher script runs these itself, because they need what is not on this class path. */
    private static Command launcherOwned(String name, String summary) {
        return new Command(name, "", 0, Integer.MAX_VALUE, summary, List.of(), List.of(), (arguments, terminal) -> {
            terminal.note("tallystick: " + name + " is run by the launcher: ./tallystick " + name);
            return ExitCode.USAGE;
        });
    }
}
